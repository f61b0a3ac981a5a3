# Thuiswijk as one image. The same image is the web server, both workers, the clock and the migration: docker-compose.yml
# says which. Everything it needs is inside: Pango from the distribution, fonts, styles and scripts from static/vendor.

# --- the packages, as uv.lock names them ---------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm AS packages
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PROJECT_ENVIRONMENT=/opt/venv \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-cache

# --- what runs -----------------------------------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin thuiswijk \
    && install --directory --owner=thuiswijk --group=thuiswijk --mode=750 /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=thuiswijk.settings \
    PRODUCTION=1 \
    DATA_DIR=/data \
    XDG_CACHE_HOME=/tmp/cache \
    WEB_WORKERS=2 \
    WEB_THREADS=4
WORKDIR /app
COPY . .

# Settings want to know everything that production needs. These values exist for this one command and reach nothing.
RUN env SECRET_KEY=build PUBLIC_URL=https://build.invalid EMAIL_URL=smtp://build.invalid MAIL_FROM=build@build.invalid SECURITY_CONTACT=mailto:build@build.invalid \
        CELERY_BROKER_URL=redis://build.invalid DATABASE_URL=postgres://build.invalid/build DATA_DIR=/tmp/build \
        python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q agendas stakeholders thuiswijk trajectories

USER thuiswijk
VOLUME /data
EXPOSE 8000

# Only the name of PUBLIC_URL is let in, so the check asks under that name. It answers 503 when a part of the house is ill.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os; from urllib.parse import urlsplit; from urllib.request import Request, urlopen; urlopen(Request('http://127.0.0.1:8000/healthz', headers={'Host': urlsplit(os.environ['PUBLIC_URL']).netloc}), timeout=8)"]

CMD ["sh", "-c", "exec gunicorn thuiswijk.wsgi --bind 0.0.0.0:8000 --workers ${WEB_WORKERS} --threads ${WEB_THREADS} --worker-tmp-dir /dev/shm --no-control-socket --log-level warning"]
