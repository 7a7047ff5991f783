"""What a citizen decides and sees of access to her own record: visits, reports, powers, blocks."""
