"""The wallet's doors to the outside."""
