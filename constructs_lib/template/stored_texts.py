"""What the templates' own secrets and stored parameters say of pools to the containers that are given them."""

import re
from collections.abc import Mapping

from constructs_lib.template.app import App
from constructs_lib.template.candidates import Candidate
from constructs_lib.template.links import Key
from constructs_lib.template.pool_names import kind_of
from constructs_lib.template.written import written

_HOLDING = {"AWS::SecretsManager::Secret": "SecretString", "AWS::SSM::Parameter": "Value"}
"""By the type of a resource, the property that has the text."""
_MAY_SPEAK = re.compile("pool|max|limit|overflow", re.IGNORECASE)
"""One of these is in whatever says the size of a pool."""


class StoredTexts:
    """The texts by the resource that stores them; a secret whose text is elsewhere, or generated, has none."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._texts: Mapping[Key, str] = {
            target.key: text
            for kind, key in _HOLDING.items()
            for target in app.of_type(kind)
            if _MAY_SPEAK.search(text := written(target.properties.get(key, "")))
        }

    def told_to(self, candidate: Candidate) -> None:
        """Note what a candidate's containers are told of pools, as a variable would say it."""
        if not self._texts:
            return
        for at, container, name, value in candidate.values:
            if isinstance(value, list) or kind_of(name.upper())[0]:
                continue
            for target in self._app.targets(at, value):
                if (text := self._texts.get(target.key)) is not None:
                    candidate.spoken = {
                        **candidate.spoken,
                        container: {**candidate.spoken.get(container, {}), name: text},
                    }
