"""What a visit asks for: searches in the words of a service, pages until what is known is met, when to come back."""
