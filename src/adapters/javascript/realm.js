// What a codec's script finds around it, and the way in and out of it.
//
// Network servers give every payload a world of its own: a variable that one payload sets is gone for the next. A new
// world for each would cost a millisecond, so the world is kept and made unchangeable instead: everything built in is
// frozen, the script's own top level runs anew for each payload, and what it leaves on the global object is swept away.
// A script that must change what is built in gets a new world for each payload after all.
// `kind` is "frozen", "watched" (a first look at a script: does it change what is built in?) or "fresh" (for one payload).
(function (makeBuffer, kind) {
  "use strict";

  const G = globalThis;
  const RealDate = G.Date;
  const { stringify, parse } = G.JSON;
  const { ownKeys, construct, getPrototypeOf } = G.Reflect;
  const { defineProperty, getOwnPropertyDescriptor, freeze, isExtensible } = G.Object;
  const { isArray } = G.Array;
  const text = G.String;
  const KnownTypeError = G.TypeError;
  const KnownRangeError = G.RangeError;
  const KnownInternalError = G.InternalError;
  const globalPrototype = getPrototypeOf(G);

  const LONGEST_RESULT = 262144; // a payload has 242 bytes at most (LoRaWAN regional parameters); this is no reading
  const LONGEST_MESSAGE = 300;

  // --- No clock and no chance: a payload decoded again gives the same again.
  let now = 0;
  let seed = 0;
  const CodecDate = function Date(...given) {
    if (new.target === undefined) return new RealDate(now).toString();
    return construct(RealDate, given.length ? given : [now], new.target);
  };
  const hide = (object, name, value) =>
    defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });
  hide(CodecDate, "now", () => now);
  hide(CodecDate, "parse", RealDate.parse);
  hide(CodecDate, "UTC", RealDate.UTC);
  defineProperty(CodecDate, "length", { value: 7 });
  defineProperty(CodecDate, "prototype", { value: RealDate.prototype, writable: false });
  hide(RealDate.prototype, "constructor", CodecDate);
  hide(G, "Date", CodecDate);
  hide(G.Math, "random", () => {
    // Mulberry32, Tommy Ettinger 2017 (public domain): what matters is that it begins anew with each payload.
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = G.Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + G.Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  });
  for (const name of ["performance", "Atomics", "SharedArrayBuffer", "WeakRef", "FinalizationRegistry"]) delete G[name];
  for (const name of ["prepareStackTrace", "stackTraceLimit", "captureStackTrace"]) delete G.Error[name];
  G.Error.captureStackTrace = () => {}; // Node's, which error classes of some codecs call

  // --- What the network servers add to the language.
  const silent = () => {};
  const said = ["log", "error", "warn", "info", "debug", "trace", "dir", "table", "group", "groupEnd", "assert", "time"];
  const console = {};
  for (const name of [...said, "timeEnd", "timeLog", "count"]) console[name] = silent;
  hide(G, "console", console);
  const Buffer = makeBuffer();
  hide(G, "Buffer", Buffer);
  hide(G, "require", (name) => {
    if (name === "buffer" || name === "buffer/" || name === "node:buffer") return { Buffer };
    throw new G.Error(`require(${stringify(name)}): a codec has no modules but "buffer"`);
  });
  hide(G, "global", G);
  hide(G, "module", undefined);
  hide(G, "exports", undefined);

  // --- The world as it was before the script, to see whether the script changes it.
  const hidden = () => {
    const iterators = [[].values(), new G.Map().values(), new G.Set().values(), "".matchAll(/x/g), ""[G.Symbol.iterator]()];
    const functions = [function* () {}, async function () {}, async function* () {}];
    return [...iterators, ...functions, G.Iterator.from({ next() {} }), [].values().map((each) => each)];
  };
  const walk = (visit) => {
    const seen = new G.Set();
    const open = [G, ...hidden().map((each) => getPrototypeOf(each))];
    while (open.length) {
      const object = open.pop();
      if (object === null || (typeof object !== "object" && typeof object !== "function") || seen.has(object)) continue;
      seen.add(object);
      open.push(getPrototypeOf(object));
      for (const key of ownKeys(object)) {
        const found = getOwnPropertyDescriptor(object, key);
        visit(object, key, found);
        open.push(found.value, found.get, found.set);
      }
    }
    return seen;
  };
  const scratch = new G.Set(["module", "exports"]);
  const record = () => {
    const all = [];
    walk((object, key, found) => {
      all.push(object, key, found.value, found.get);
    });
    return all;
  };

  // --- Freezing. What stands on a frozen prototype could not be overridden by an object's own property of that name
  // (`error.name = …`, `Codec.prototype.toString = …`), so there it becomes an accessor whose setter does just that.
  const overridable = () => {
    const typedArray = getPrototypeOf(G.Uint8Array.prototype);
    const errors = ["", "Eval", "Range", "Reference", "Syntax", "Type", "URI", "Internal", "Aggregate"];
    const prototypes = errors.map((kind) => G[`${kind}Error`].prototype);
    return [G.Object.prototype, G.Function.prototype, typedArray, G.Uint8Array.prototype, Buffer.prototype, ...prototypes];
  };
  const openUp = (prototype, key, found) => {
    if (!("value" in found) || !found.configurable) return;
    const value = found.value;
    defineProperty(prototype, key, {
      get: () => value,
      set(other) {
        if (this === prototype) throw new KnownTypeError(`${text(key)} is read-only: it is built in`);
        defineProperty(this, key, { value: other, writable: true, enumerable: true, configurable: true });
      },
      enumerable: found.enumerable,
      configurable: false,
    });
  };
  const freezeWorld = () => {
    for (const prototype of overridable())
      for (const key of ownKeys(prototype)) openUp(prototype, key, getOwnPropertyDescriptor(prototype, key));
    for (const object of walk(silent)) if (object !== G) freeze(object);
    for (const key of ownKeys(G)) {
      const found = getOwnPropertyDescriptor(G, key);
      if (!scratch.has(key) && found.configurable)
        defineProperty(G, key, { ...("value" in found ? { writable: false } : {}), configurable: false });
    }
  };

  // --- Between two payloads.
  let known = null;
  const begin = () => {
    const module = { exports: {} };
    hide(G, "module", module);
    hide(G, "exports", module.exports);
    seed = 0;
  };
  const isScratch = (name) => {
    const found = getOwnPropertyDescriptor(G, name);
    return found !== undefined && found.configurable;
  };
  const sweep = () => {
    let keys = ownKeys(G);
    if (keys.length !== known.size) {
      for (const key of keys) if (!known.has(key)) delete G[key];
      keys = ownKeys(G);
    }
    const whole = keys.length === known.size && isScratch("module") && isScratch("exports");
    return whole && isExtensible(G) && getPrototypeOf(G) === globalPrototype;
  };

  // --- The way in: one of three functions, by any of the names under which scripts give them away.
  const entryOf = (declared) => {
    const exported = G.module === undefined || G.module === null ? undefined : G.module.exports;
    const given = (index, name) => {
      if (declared[index]) return declared[index];
      for (const place of [exported, exported && exported.default, G.exports, declared[4]])
        if (place && typeof place[name] === "function") return place[name];
      return undefined;
    };
    const named = { decodeUplink: given(0, "decodeUplink"), Decoder: given(1, "Decoder"), Decode: given(2, "Decode") };
    return { ...named, normalizeUplink: given(3, "normalizeUplink") };
  };

  // --- The way out: one letter that says what it is, then text. A long text made by `+` is kept in pieces by the engine,
  // which its Python binding does not know; `join` makes one piece of it.
  const flat = (letter, message) => [letter, message].join("");
  const cut = (message) => message.slice(0, LONGEST_MESSAGE).toWellFormed();
  const listed = (given) => {
    if (typeof given === "string") return given ? [given] : [];
    if (!isArray(given)) return [];
    return given.slice(0, 20).map((each) => cut(typeof each === "string" ? each : text(jsonOf(each) ?? text(each))));
  };
  const jsonOf = (value) => {
    try {
      return stringify(value);
    } catch (error) {
      return stringify(value, (_, each) => (typeof each === "bigint" ? each.toString() : each));
    }
  };
  // Half a surrogate pair is no text to anybody else (RFC 8259, section 8.2); `stringify` writes no other \ud….
  const written = (value) => {
    const json = jsonOf(value);
    if (!json.includes("\\ud")) return json;
    return json.replace(/\\(?:\\|ud[89a-f][0-9a-f]{2})/g, (found) => (found === "\\\\" ? found : "\\ufffd"));
  };
  const described = (error) => {
    if (error === null) return "Mout of memory"; // the engine's own last word: there was none left for an error
    if (typeof error !== "object") return flat("E", cut(text(error)));
    const message = cut(`${error.name}: ${error.message}`);
    if (error instanceof KnownInternalError && /out of memory|too long/.test(error.message)) return flat("M", message);
    if (error instanceof KnownRangeError && error.message === "Maximum call stack size exceeded") return flat("S", message);
    return flat(error instanceof KnownTypeError ? "T" : "E", message);
  };
  const finished = (result, normalize) => {
    const normalized = normalize === undefined ? undefined : normalize({ data: parse(written(result.data)) });
    const failed = normalized === undefined ? [] : listed(normalized.errors);
    if (failed.length) return flat("R", stringify(failed));
    const warnings = [...listed(result.warnings), ...(normalized === undefined ? [] : listed(normalized.warnings))];
    const json = written({ data: result.data, warnings, normalized: normalized && normalized.data });
    return json.length > LONGEST_RESULT ? `L${json.length} characters` : flat("D", json);
  };
  const answered = (result, normalize) => {
    if (result === null || typeof result !== "object") return "EdecodeUplink returned no object";
    const errors = listed(result.errors);
    if (errors.length) return flat("R", stringify(errors));
    if (result.data === null || typeof result.data !== "object") return "EdecodeUplink did not return 'data'";
    return finished(result, normalize);
  };
  const plain = (data) => {
    if (data === null || typeof data !== "object") return "Ethe decoder returned no object";
    return finished({ data }, undefined);
  };
  const called = (script, bytes, fPort, variables, normalizing) => {
    const entry = entryOf(script());
    if (entry.decodeUplink !== undefined) {
      const input = { bytes, fPort, recvTime: new CodecDate(now), variables };
      return answered(entry.decodeUplink(input), normalizing ? entry.normalizeUplink : undefined);
    }
    if (entry.Decoder !== undefined) return plain(entry.Decoder(bytes, fPort));
    if (entry.Decode !== undefined) return plain(entry.Decode(fPort, bytes, variables));
    return "Nthe script has no decodeUplink, Decoder or Decode";
  };

  const before = kind === "watched" ? record() : null;
  if (kind === "frozen") freezeWorld();
  known = new G.Set(ownKeys(G));

  const api = {
    // Whether the script's top level changed what is built in; asked of a world that is watched.
    touches(script) {
      begin();
      script();
      sweep();
      for (const name of scratch) hide(G, name, undefined);
      const after = record();
      return after.length !== before.length || after.some((each, index) => !G.Object.is(each, before[index]));
    },
    // One payload. `bytes` and `variables` are JSON, `ms` the time of receipt.
    decode(script, bytes, fPort, ms, variables, normalizing) {
      now = ms;
      try {
        begin();
        return called(script, parse(bytes), fPort, parse(variables), normalizing);
      } catch (error) {
        return described(error);
      }
    },
    // Whether the world is fit for the next payload.
    sweep,
  };
  return (name) => api[name];
})
