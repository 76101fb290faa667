"""Inputs against the schema that a cloud's provider publishes: its SDK is generated from that, types and all.

Checked are names, which are required, types, and the values of what has a list of them, through every nested part.
"""

from __future__ import annotations

import enum
import importlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from pulumi import _types

from tests.recorder import Recording, is_secret

PACKAGES = {
    "openstack": "pulumi_openstack",
    "aws": "pulumi_aws",
    "gcp": "pulumi_gcp",
    "azure-native": "pulumi_azure_native",
}
NOT_KEPT_UP = ("VirtualMachineSizeTypes",)
"""Lists of values that the cloud itself says are no longer added to (Azure's REST API, "hardwareProfile.vmSize")."""


def faults(recording: Recording) -> Iterator[str]:
    """Yield every input of a cloud's resource that its schema has something against."""
    for name, token in sorted(recording.types.items()):
        arguments = arguments_of(token)
        if arguments:
            yield from _object(recording.inputs[name], arguments, name)


def arguments_of(token: str) -> Any:
    """Return the arguments' class of a resource, such as `InstanceArgs` for `aws:ec2/instance:Instance`."""
    package, module, kind = token.split(":")
    if package not in PACKAGES:
        return None
    resource = getattr(importlib.import_module(f"{PACKAGES[package]}.{module.partition('/')[0]}"), kind)
    own = vars(importlib.import_module(resource.__module__))
    # It has this name where a nested part of another resource has the usual one.
    return own.get(f"{kind}InitArgs") or own[f"{kind}Args"]


def _object(value: Mapping[str, Any], arguments: Any, path: str) -> Iterator[str]:
    types = _types.input_type_types(arguments)
    names = _types.input_type_py_to_pulumi_names(arguments)
    known = {names.get(key, key): each for key, each in types.items()} | types
    for key in value:
        if key not in known:
            yield f"{path}.{key}: unknown"
        else:
            yield from _value(value[key], known[key], f"{path}.{key}")
    for parameter in list(inspect.signature(arguments.__init__).parameters.values())[1:]:
        wire = names.get(parameter.name, parameter.name)
        if parameter.default is inspect.Parameter.empty and wire not in value:
            yield f"{path}.{wire}: is required"


def _value(value: Any, wanted: Any, path: str) -> Iterator[str]:
    if is_secret(value):
        value = value["value"]
    alternatives = [each for each in _flat(wanted) if each is not type(None)]
    tried = [list(_one(value, each, path)) for each in alternatives]
    enums = [each for each in alternatives if _is_enum(each) and each.__name__ not in NOT_KEPT_UP]
    if enums and isinstance(value, str) and value not in {each.value for kind in enums for each in kind}:
        yield f"{path}: {value!r} is none of {enums[0].__name__}"
    elif tried and all(tried):
        yield from min(tried, key=len)


def _one(value: Any, wanted: Any, path: str) -> Iterator[str]:
    origin, parts = get_origin(wanted), get_args(wanted)
    if inspect.isclass(wanted) and _types.is_input_type(wanted):
        yield from _object(value, wanted, path) if isinstance(value, Mapping) else [f"{path}: is no object"]
    elif inspect.isclass(origin) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            yield f"{path}: is no map"
            return
        for key in value:
            yield from _value(value[key], parts[1], f"{path}.{key}")
    elif inspect.isclass(origin) and issubclass(origin, Sequence):
        if not isinstance(value, list):
            yield f"{path}: is no list"
            return
        for one in value:
            yield from _value(one, parts[0], f"{path}[]")
    elif not _is_plain(value, wanted):
        yield f"{path}: {type(value).__name__} {value!r} is no {getattr(wanted, '__name__', wanted)}"


def _is_plain(value: Any, wanted: Any) -> bool:
    if wanted is bool or isinstance(value, bool):
        return wanted is bool and isinstance(value, bool)
    if wanted is int:
        return isinstance(value, int | float) and value == int(value)
    if _is_enum(wanted):
        return value in {each.value for each in wanted}
    if wanted is float:
        return isinstance(value, int | float)
    return isinstance(value, wanted) if inspect.isclass(wanted) else True


def _is_enum(wanted: Any) -> bool:
    return inspect.isclass(wanted) and issubclass(wanted, enum.Enum)


def _flat(wanted: Any) -> Iterator[Any]:
    """Yield what a type stands for, without pulumi's wrapping: inputs may come as outputs, or later."""
    if get_origin(wanted) is Union or str(get_origin(wanted)) == "<class 'types.UnionType'>":
        for each in get_args(wanted):
            yield from _flat(each)
    elif "Awaitable" not in str(get_origin(wanted)) and "Output" not in str(wanted).partition("[")[0]:
        yield wanted
