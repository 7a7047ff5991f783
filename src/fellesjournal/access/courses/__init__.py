"""Courses that a role needs from an organisation's go-live on: asked when a role is chosen.

What is asked is the organisation's choice: nothing, a warning, or to stop. Those who plan the
rollout say what is needed and who has passed (``rules.keep``, from ``config/wiring.py``); leave to
work without is given here (``waivers``) and counts at once. Nobody is kept from work that can't
wait: who is stopped may go in with a reason for the rest of a shift, and her leader sees it. Roles
with duties of their own (leaders, administrators) are never stopped: somebody must be able to open.
"""
