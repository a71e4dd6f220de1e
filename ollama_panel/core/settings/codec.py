"""Conversion of settings from and to text: reading never fails, writing by key is checked.

Settings are read field by field: an invalid value becomes the default and a `Problem` that says where and why. It is
our own code because msgspec would reject the whole file at its first invalid field.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, Value, joined, notice
from ollama_panel.core.settings import forms, json_text, unknown
from ollama_panel.core.settings.expectation import bare, expectation, fields
from ollama_panel.core.settings.migrate import Tree, migrate
from ollama_panel.core.settings.origins import flaw
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Problem, ProxySettings, Settings
from ollama_panel.core.settings.values import as_text, shown

S = TypeVar("S", bound=msgspec.Struct)
_POOL_NAME = next(field.type for field in fields(PoolSettings) if field.name == "name")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,999}")
_BOOLEANS = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}


def tree(raw: bytes) -> Tree:
    """Return the content of a file, unchecked. Raises PanelError, with the place, if it is not a JSON object."""
    content = json_text.decode(raw)
    if not isinstance(content, dict):
        raise PanelError(notice("json.no_object"))
    return content


def load(raw: bytes) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the settings in `raw` and the problems in them. Never raises."""
    try:
        content, problems = migrate(tree(raw))
    except PanelError as error:
        return Settings(), (Problem("settings.json", notice("settings_file.all_default", why=error.notice)),)
    reader = _Reader(fix=True)
    settings = reader.settings(content)
    return settings, (*problems, *reader.problems)


def dump(settings: Settings) -> bytes:
    """Return the content of the file that `load` reads."""
    return msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n"


def check(settings: Settings) -> tuple[Problem, ...]:
    """Return the problems in settings that a program made; they are used only if there are none."""
    reader = _Reader(fix=False)
    reader.settings(msgspec.to_builtins(settings))
    return tuple(reader.problems)


def require_valid(settings: Settings) -> None:
    """Raise PanelError if `check` finds problems."""
    _require_none(check(settings))


def _require_none(problems: Sequence[Problem]) -> None:
    if problems:
        raise PanelError(joined(*(problem.notice for problem in problems)))


def keys(settings: Settings) -> tuple[str, ...]:
    """Return every key that `get` and `set` accept and that has a single value; of a mapping, those of its entries.

    A mapping without entries is there itself.
    """
    return tuple(_keys(settings, ""))


def get(settings: Settings, key: str) -> str:
    """Return a setting as text for `set`, a group of settings as JSON. Raises PanelError if there is no such key."""
    value: object = settings
    for name in _path(settings, key):
        value = _step(value, name)
    return as_text(value)


def set(settings: Settings, key: str, text: str) -> Settings:  # noqa: A001 the pair of `get`
    """Return settings with `key` changed. Raises PanelError if there is no such key or it does not accept `text`.

    Lists are separated by commas, or JSON as groups (a pool, an environment) are. What a group of settings does not
    name stays as it is. An empty text removes a variable.
    """
    changed = _with(settings, key, lambda now, kind: _parsed(now, kind, key, text))
    require_valid(changed)
    return changed


def change(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return settings with values from JSON by their keys: all or none.

    Of a group, what its value does not name stays as it is. None removes a value held by name, else it is the default.
    Raises PanelError if there is no such key, or if it does not accept its value.
    """
    for key, value in values.items():
        settings = _with(settings, key, partial(_given, settings, key, value))
    require_valid(settings)
    return settings


def pool(content: object) -> PoolSettings:
    """Return a pool from JSON; what it does not name has its default. Raises PanelError if it is not valid."""
    if not isinstance(content, dict):
        raise PanelError(notice("json.no_object"))
    if wrong := _unfit(_POOL_NAME, content.get("name", "")):
        raise PanelError(notice("setting.refused", where="name", wrong=wrong))
    reader = _Reader(fix=False)
    pools = reader.pool(content, 1)
    _require_none(reader.problems)
    return pools[0]


def _with(settings: Settings, key: str, parse: Callable[[Any, Any], Any]) -> Settings:
    if key.partition(".")[0] == "version":
        raise PanelError(notice("setting.not_yours", key=key))
    changed: Settings = _changed(settings, Settings, _path(settings, key), parse)
    return changed


class _Reader:
    """Reads one tree; with `fix` the problems say which value is used instead, else that it is refused."""

    def __init__(self, *, fix: bool) -> None:
        self.problems: list[Problem] = []
        self._fix = fix

    def settings(self, content: Tree) -> Settings:
        read = self._struct(Settings, content, "", Settings())
        pools = self._unique_names(read.pools)
        ollama = read.ollama
        last = ollama.first_port + sum(pool.workers for pool in pools)
        if last > 65535:
            default = type(ollama)().first_port
            self._problem("ollama.first_port", notice("setting.too_few_ports"), "setting.replaced", used=default)
            ollama = msgspec.structs.replace(ollama, first_port=default)
        return msgspec.structs.replace(read, proxy=self._origins(read.proxy), pools=pools, ollama=ollama)

    def _origins(self, proxy: ProxySettings) -> ProxySettings:
        wrong = {origin: told for origin in proxy.allowed_origins if (told := flaw(origin)) is not None}
        for told in wrong.values():
            self._problem("proxy.allowed_origins", told, "setting.ignored")
        kept = tuple(origin for origin in proxy.allowed_origins if origin not in wrong)
        return msgspec.structs.replace(proxy, allowed_origins=kept)

    def _unique_names(self, pools: tuple[PoolSettings, ...]) -> tuple[PoolSettings, ...]:
        if not pools:
            self._problem("pools", notice("setting.no_pool"), "setting.pair_used")
            return Settings().pools
        taken: dict[PoolName, PoolSettings] = {}
        for pool in pools:
            name, number = pool.name, 1
            while name in taken:
                number += 1
                name = PoolName(f"{pool.name[:28]}-{number}")
            if name != pool.name:
                self._problem(f"pools.{pool.name}", notice("setting.same_name"), "setting.renamed", name=name)
            taken[name] = msgspec.structs.replace(pool, name=name)
        return tuple(taken.values())

    def _struct(self, kind: type[S], content: object, where: str, default: S | None) -> S:
        if not isinstance(content, dict):
            self._problem(where, notice("setting.no_group"), "setting.default_used")
            content = {}
        values: dict[str, Any] = {}
        for field in fields(kind):
            place = f"{where}.{field.name}" if where else field.name
            usual = getattr(default, field.name) if default is not None else field.default
            if usual is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
                usual = field.default_factory()
            values[field.name] = (
                self.value(field.type, content[field.name], place, usual) if field.name in content else usual
            )
        for name in content.keys() - values.keys():
            place = f"{where}.{name}" if where else str(name)
            self._problem(place, unknown.flaw(place), "setting.ignored")
        return kind(**values)

    def value(self, kind: Any, content: object, where: str, default: Any) -> Any:
        """Return the value of a setting; `default` is used where the content is none."""
        if isinstance(default, msgspec.Struct):
            return self._struct(type(default), content, where, default)
        if _is_pools(kind):
            return self._pools(content, where, default)
        plain = bare(kind)
        if get_origin(plain) is dict and isinstance(content, dict):
            return self._mapping(get_args(plain)[1], content, where)
        if get_origin(plain) is tuple and isinstance(content, list | tuple):
            return self._list(get_args(plain)[0], content, where)
        wrong = _unfit(kind, content)
        if wrong is None:
            return msgspec.convert(content, kind)
        self._problem(where, wrong, "setting.replaced", used=as_text(default))
        return default

    def _pools(self, content: object, where: str, default: tuple[PoolSettings, ...]) -> tuple[PoolSettings, ...]:
        if not isinstance(content, list | tuple):
            self._problem(where, notice("setting.no_pools"), "setting.pair_used")
            return default
        return tuple(pool for number, item in enumerate(content, 1) for pool in self.pool(item, number))

    def pool(self, item: object, number: int) -> tuple[PoolSettings, ...]:
        """Return the pool that an entry of the list is, none if it has no valid name."""
        given = item.get("name") if isinstance(item, dict) else None
        if _unfit(_POOL_NAME, given):
            wrong = notice("setting.no_name", expected=expectation(_POOL_NAME))
            self._problem(f"pools[{number}]", wrong, "setting.left_out")
            return ()
        name = PoolName(str(given))
        return (self._struct(PoolSettings, item, f"pools.{name}", PoolSettings(name)),)

    def _list(self, kind: Any, content: Sequence[object], where: str) -> tuple[Any, ...]:
        """Return the entries that are valid; the others cost only themselves."""
        kept = list[Any]()
        for number, item in enumerate(content, 1):
            wrong = _unfit(kind, item)
            if wrong is None:
                kept.append(msgspec.convert(item, kind))
            else:
                self._problem(f"{where}[{number}]", wrong, "setting.ignored")
        return tuple(kept)

    def _mapping(self, kind: Any, content: dict[str, object], where: str) -> dict[str, Any]:
        """Return the values by name that are valid: those of environment variables are texts."""
        kept = dict[str, Any]()
        for name, value in content.items():
            wrong = _unfit_entry(kind, name, value)
            if wrong is None:
                kept[name] = msgspec.convert(value, kind)
            else:
                self._problem(f"{where}.{name}", wrong, "setting.ignored")
        return kept

    def _problem(self, where: str, wrong: Notice, remedy: str, **values: Value) -> None:
        """Add a problem; `remedy` is the code of what is done about it, with further values."""
        where = forms.quoted(where)
        if self._fix:
            self.problems.append(Problem(where, notice(remedy, wrong=wrong, **values)))
        else:
            self.problems.append(Problem(where, notice("setting.refused", where=where, wrong=wrong)))


def _unfit(kind: Any, content: object) -> Notice | None:
    """Return what is wrong with the content of a setting, or of an entry of a list, to follow its key."""
    if kind is ApiKey:
        return None if _is_key(content) else notice("setting.no_key")
    try:
        value = msgspec.convert(content, kind)
    except msgspec.ValidationError:
        return notice("setting.not_that", expected=expectation(kind), given=shown(content))
    instead = forms.problem(kind, value) if isinstance(value, str) else None
    return None if instead is None else notice("setting.not_that", expected=instead, given=shown(content))


def _is_key(content: object) -> bool:
    """Return whether the content is an entry of the API keys; a sentence about it repeats nothing of it."""
    try:
        key = msgspec.convert(content, ApiKey)
    except msgspec.ValidationError:
        return False
    texts = ((field.type, getattr(key, field.name)) for field in fields(type(key)))
    return not any(forms.problem(kind, text) for kind, text in texts if isinstance(text, str))


def _unfit_entry(kind: Any, name: str, value: object) -> Notice | None:
    """Return what is wrong with a value that a setting holds by a name."""
    if bare(kind) is not str:
        return _unfit(kind, value) if forms.is_name(name) else notice("setting.no_line", most=forms.LONGEST_NAME)
    if not isinstance(value, str) or not forms.is_line(value):
        return notice("setting.not_one_line")
    return None if _VARIABLE.fullmatch(name) else notice("setting.no_variable")


def _is_pools(kind: Any) -> bool:
    return get_origin(bare(kind)) is tuple and get_args(bare(kind))[0] is PoolSettings


def _path(settings: Settings, key: str) -> list[str]:
    """Split `key`, but not the name of an environment variable. Raises PanelError if there is no such setting."""
    path, value = list[str](), settings
    rest: str = key
    while rest:
        name, _, rest = (rest, "", "") if isinstance(value, dict) else rest.partition(".")
        path.append(name)
        try:
            value = _step(value, name) if rest or not isinstance(value, dict) else value
        except KeyError:
            raise PanelError(unknown.no_such(key, keys(settings))) from None
    if not path:
        raise PanelError(unknown.no_such(key, keys(settings)))
    return path


def _step(value: Any, name: str) -> Any:
    if isinstance(value, msgspec.Struct) and name in value.__struct_fields__:
        return getattr(value, name)
    if isinstance(value, dict):
        return value.get(name, "")
    if isinstance(value, tuple):
        for item in value:
            if isinstance(item, PoolSettings) and item.name == name:
                return item
    raise KeyError(name)


def _keys(value: object, prefix: str) -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _keys(getattr(value, name), f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, tuple) and any(isinstance(item, PoolSettings) for item in value):
        for item in value:
            yield from _keys(item, f"{prefix}.{item.name}")
    elif isinstance(value, dict) and value:
        for name in value:
            yield f"{prefix}.{name}"
    elif prefix != "version":
        yield prefix


def _changed(value: Any, kind: Any, path: list[str], parse: Callable[[Any, Any], Any]) -> Any:
    """Return a value with what `parse` makes of the one at `path`; it gets None for one held by name, UNSET removes."""
    if not path:
        return parse(value, kind)
    name, *rest = path
    if isinstance(value, dict):
        item = parse(None, get_args(bare(kind))[1])
        others = {other: old for other, old in value.items() if other != name}
        return others if item is msgspec.UNSET else others | {name: item}
    if isinstance(value, tuple):
        return tuple(_changed(pool, PoolSettings, rest, parse) if pool.name == name else pool for pool in value)
    inner = next(field.type for field in msgspec.structs.fields(value) if field.name == name)
    return msgspec.structs.replace(value, **{name: _changed(getattr(value, name), inner, rest, parse)})


def _given(settings: Settings, key: str, value: object, now: Any, kind: Any) -> Any:
    """Return what a value from JSON means; see `change`."""
    if value is None and now is None:
        return msgspec.UNSET
    if value is None:
        usual: object = Settings(pools=tuple(PoolSettings(one.name) for one in settings.pools))
        for name in _path(settings, key):
            usual = _step(usual, name)
        return Settings().pools if key == "pools" else usual
    return _read(now, kind, key, value)


def _parsed(now: Any, kind: Any, key: str, text: str) -> Any:
    """Return the value that a text means; what a group of settings does not name is as in `now`."""
    plain = bare(kind)
    if now is None and not text:
        return msgspec.UNSET
    if plain is str:
        return text
    if plain is bool and text.strip().lower() in _BOOLEANS:
        return _BOOLEANS[text.strip().lower()]
    listed = get_origin(plain) is tuple and bare(get_args(plain)[0]) is str and not text.lstrip().startswith('["')
    if listed or (get_origin(plain) is tuple and not text.strip()):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(now, msgspec.Struct) or get_origin(plain) in (tuple, dict):
        return _from_json(now, kind, key, text)
    try:
        return msgspec.convert(text.strip(), kind, strict=False)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise PanelError(_refused(kind, key, text)) from error


def _from_json(now: Any, kind: Any, key: str, text: str) -> Any:
    try:
        content = json_text.decode(text.encode(errors="surrogatepass"))
    except PanelError as error:
        why = error.notice if text.lstrip().startswith(("{", "[")) else None
        raise PanelError(joined(_refused(kind, key, text), why)) from error
    return _read(now, kind, key, content)


def _read(now: Any, kind: Any, key: str, content: object) -> Any:
    reader = _Reader(fix=False)
    value = reader.value(kind, content, key, now)
    _require_none(reader.problems)
    return value


def _refused(kind: Any, key: str, text: str) -> Notice:
    wrong = notice("setting.not_that", expected=expectation(kind), given=forms.quoted(text))
    return notice("setting.refused", where=forms.quoted(key), wrong=wrong)
