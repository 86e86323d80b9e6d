"""Articles: from the files of a folder to text, paragraphs and passages."""
