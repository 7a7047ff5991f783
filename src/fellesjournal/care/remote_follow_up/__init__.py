"""Remote home follow-up (digital hjemmeoppfølging): what a citizen measures herself, against
limits that a clinician has set for her, and who looks at what falls outside.
"""
