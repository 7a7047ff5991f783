"""What clinicians find and note in seconds: problems, allergies, vital signs."""
