"""The components behind `templatetags.ui`: typed functions, one template each."""
