"""Pages as software draws them, with everything a question or a dense target needs to know about
them."""
