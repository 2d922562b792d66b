"""Links by which others read a conversation or a battle, and pictures of how one ended."""
