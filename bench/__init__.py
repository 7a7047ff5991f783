"""What ``make bench`` runs: the platform beside the same work in bare SQL."""
