"""Impact plans: nine steps from why to what it brought about, each with an artefact in versions."""
