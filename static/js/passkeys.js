// Passkeys can't do without the browser. A form with data-passkey="make" or "show" gets its credential from it, and is sent.
"use strict";
(() => {
  const WORDS = {
    SecurityError: "Een toegangssleutel werkt niet op dit adres. Vraag de beheerder om hulp.",
    InvalidStateError: "Dit apparaat heeft al een toegangssleutel voor uw account.",
  };
  const OTHERWISE = "Het is niet gelukt, of u heeft het afgebroken. Probeer het nog eens.";

  const optionsOf = async (form) => {
    const written = document.getElementById(form.dataset.options);
    if (written) return JSON.parse(written.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const credentialOf = async (form) => {
    const options = await optionsOf(form);
    if (form.dataset.passkey === "show") return webauthnJSON.get(options.request_options);
    const wanted = options.creation_options;
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: "required", requireResidentKey: true, userVerification: "required",
    });
    return webauthnJSON.create(wanted);
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const trouble = form.querySelector("[data-trouble]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.textContent = "";
      try {
        form.elements.credential.value = JSON.stringify(await credentialOf(form));
        form.submit();
      } catch (error) {
        trouble.textContent = WORDS[error.name] || OTHERWISE;
      }
    });
  }
})();
