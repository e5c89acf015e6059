"""RDS instance classes: their memory, their vCPUs, their relatives."""

import re

from constructs_lib.limits.instance_class_data import CLASSES, ENGINE_SETS
from constructs_lib.limits.nearest import nearest
from constructs_lib.limits.unknown import Unknown, quoted
from constructs_lib.limits.visible_memory import MIB

SERVERLESS = "db.serverless"


def normalized(instance_class: str) -> str:
    """Spell a class the way AWS does: RDS takes `DB.R6G.Large` too."""
    return instance_class.strip().lower()


def memory_bytes_of(instance_class: str) -> int | Unknown:
    """Look up the nominal memory of a class: more than the database sees of it."""
    name = normalized(instance_class)
    if name == SERVERLESS:
        return Unknown("db.serverless has no memory of its own: its maximum ACU decides")
    if name not in CLASSES:
        return _not_known(instance_class)
    memory_mib, _, _ = CLASSES[name]
    if memory_mib is None:
        return Unknown(f"the memory of {name} is not known here; give memory_bytes or max_connections")
    return memory_mib * MIB


def vcpus_of(instance_class: str) -> int | Unknown:
    """Look up the vCPUs of a class."""
    name = normalized(instance_class)
    if name not in CLASSES:
        return _not_known(instance_class)
    _, vcpus, _ = CLASSES[name]
    return Unknown(f"the vCPUs of {name} are not known here; give max_connections") if vcpus is None else vcpus


def class_names(engine: str | None = None) -> tuple[str, ...]:
    """List the known classes, by family and size: all, or those that can be ordered for an engine in some region."""
    if engine is None:
        return tuple(CLASSES)
    wanted = engine.strip().lower()  # as in the names of engines and classes elsewhere
    return tuple(name for name, (_, _, index) in CLASSES.items() if wanted in ENGINE_SETS[index])


def nearest_classes(instance_class: str) -> tuple[str, ...]:
    """List the known classes whose names are most like this one, best first."""
    name = normalized(instance_class)
    return nearest(name if name.startswith("db.") else f"db.{name}", class_names())


def family_classes(instance_class: str, *, engine: str | None = None) -> tuple[str, ...]:
    """List the classes of the same family whose memory is known, smallest memory first."""
    name = normalized(instance_class)
    if name not in CLASSES:
        return ()
    family, suffix = _family(name)
    sized = [
        (memory_mib, position, other)
        for position, (other, (memory_mib, _, index)) in enumerate(CLASSES.items())
        if memory_mib is not None
        and _family(other) == (family, suffix)
        and (engine is None or engine in ENGINE_SETS[index])
    ]
    return tuple(other for _, _, other in sorted(sized))


def current_classes(instance_class: str, *, engine: str | None = None) -> tuple[str, ...]:
    """List the classes of current families whose memory is known, smallest memory first.

    A family is current where it is of the newest generation that its series (m, r, t, …) has here for the engine, or of
    the one before, for the newest is not in every region. Of equal memory come first those with the fewest vCPUs, then
    those named most like `instance_class`, without extras such as local disks, of the newer generation.
    """
    named = re.compile(r"db\.([a-z]+?)([0-9]+)([a-z]*)\.[^.]+")
    own = named.fullmatch(normalized(instance_class))
    series_of: dict[str, list[tuple[int, str, str, int, int]]] = {}
    for name, (memory_mib, vcpus, index) in CLASSES.items():
        if memory_mib is None or (engine is not None and engine not in ENGINE_SETS[index]):
            continue
        if found := named.fullmatch(name):
            sized = (int(found[2]), found[3], name, memory_mib, vcpus or 0)
            series_of.setdefault(found[1], []).append(sized)
    current = []
    for letters, classes in series_of.items():
        newest = max(generation for generation, *_ in classes)
        for generation, extras, name, memory_mib, vcpus in classes:
            if generation >= newest - 1:
                alike = own is not None and (letters, extras) == (own[1], own[3])
                current.append((memory_mib, vcpus, not alike, len(extras), -generation, name))
    return tuple(name for *_, name in sorted(current))


def _family(name: str) -> tuple[str, bool]:
    """Tell db.r5.xlarge and db.r5.xlarge.tpc2.mem2x apart: the latter is for Oracle only."""
    _, family, *rest = name.split(".")
    return family, len(rest) > 1


def _not_known(instance_class: str) -> Unknown:
    alike = nearest_classes(instance_class)
    hint = f"the nearest known names are {', '.join(alike)}" if alike else "classes are named like db.r6g.large"
    return Unknown(
        f"instance class {quoted(instance_class)} is not known here: {hint}; give memory_bytes for a newer one"
    )
