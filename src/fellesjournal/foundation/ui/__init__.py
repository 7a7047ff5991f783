"""The look: components, styles and scripts that all surfaces share."""
