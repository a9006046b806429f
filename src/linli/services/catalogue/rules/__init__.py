"""Pure rules: vocabulary, procedure, guards."""
