"""How one likes the page, the same in every browser."""
