"""The screens of the nine steps: from what stands in a step to forms, and back."""
