"""Tables are compiled when first met; nobody may check against half a table."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys, threading
sys.setswitchinterval(1e-6)
from fellesjournal.fhir.validation import validate
patient = {"resourceType": "Patient", "name": [{"family": "A"}], "identifier": [{"value": "1"}],
           "contact": [{"name": {"family": "B"}}], "active": True}
found, barrier = [], threading.Barrier(8)
def check():
    barrier.wait()
    found.extend(issue for issue in validate(patient) if issue.severity == "error")
threads = [threading.Thread(target=check) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found))
"""


def test_the_first_validations_of_a_process_agree_in_all_threads() -> None:
    out = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "0"
