"""Requests for renewal: asked by a citizen, owned at her GP's office until each line is answered."""
