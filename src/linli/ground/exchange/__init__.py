"""What every API of the house is made of: tokens, problems, paging, schemas from forms, writes that happen once."""
