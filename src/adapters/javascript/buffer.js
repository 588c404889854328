// Node's Buffer, as far as codecs use it to read bytes: written from its documentation (nodejs.org/api/buffer.html).
// ChirpStack and ThingPark X offer it; The Things Stack does not.
(function () {
  "use strict";

  const bytesOf = {
    hex: (text) => (text.match(/^(?:[0-9a-f]{2})+/i) ?? [""])[0].match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [],
    latin1: (text) => Array.from(text, (each) => each.charCodeAt(0) & 255),
    utf8: (text) => bytesOf.latin1(unescape(encodeURIComponent(text.toWellFormed()))),
    base64: (text) => {
      const known = text.replace(/-/g, "+").replace(/_/g, "/").replace(/=.*$/, "").replace(/[^A-Za-z0-9+/]/g, "");
      return bytesOf.latin1(atob(known.length % 4 === 1 ? known.slice(0, -1) : known));
    },
    utf16le: (text) => Array.from({ length: text.length * 2 }, (_, at) => (text.charCodeAt(at >> 1) >> (8 * (at & 1))) & 255),
  };
  const charactersOf = (bytes, mask = 255) => {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte & mask);
    return text;
  };
  // Malformed UTF-8 becomes U+FFFD, as Unicode recommends for each maximal subpart (Unicode 15, section 3.9).
  const utf8Text = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at++];
      const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : 3;
      if (more === 0 || first < 0xc2 || first > 0xf4) {
        text += more === 0 ? String.fromCharCode(first) : "\ufffd";
        continue;
      }
      let point = first & (0x3f >> more);
      let left = more;
      for (; left && at < bytes.length && isNext(bytes[at], left === more ? first : 0); left--)
        point = (point << 6) | (bytes[at++] & 0x3f);
      text += left ? "\ufffd" : String.fromCodePoint(point);
    }
    return text;
  };
  const isNext = (byte, first) => {
    const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    return byte >= least && byte <= most;
  };
  const textOf = {
    hex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    latin1: (bytes) => charactersOf(bytes),
    ascii: (bytes) => charactersOf(bytes, 127),
    utf8: utf8Text,
    base64: (bytes) => btoa(charactersOf(bytes)),
    base64url: (bytes) => textOf.base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, ""),
    utf16le: (bytes) => {
      let text = "";
      for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
      return text;
    },
  };
  const aliases = { "utf-8": "utf8", binary: "latin1", ucs2: "utf16le", "ucs-2": "utf16le", "utf-16le": "utf16le" };
  const encoding = (name, known) => {
    const wanted = String(name ?? "utf8").toLowerCase();
    const found = known[wanted] ?? known[aliases[wanted]];
    if (found === undefined) throw new TypeError(`Unknown encoding: ${name}`);
    return found;
  };
  bytesOf.ascii = bytesOf.latin1;
  bytesOf.base64url = bytesOf.base64;

  const buffer = (array) => Object.setPrototypeOf(array, Buffer.prototype);

  function Buffer(value, second, third) {
    return typeof value === "number" ? Buffer.alloc(value) : Buffer.from(value, second, third);
  }
  Object.setPrototypeOf(Buffer, Uint8Array);
  Buffer.prototype = Object.create(Uint8Array.prototype, {
    constructor: { value: Buffer, writable: true, configurable: true },
  });
  const give = (object, methods) => {
    for (const name of Object.keys(methods))
      Object.defineProperty(object, name, { value: methods[name], writable: true, configurable: true });
  };

  give(Buffer, {
    from(value, second, third) {
      if (typeof value === "string") return buffer(Uint8Array.from(encoding(second, bytesOf)(value)));
      if (value instanceof ArrayBuffer) return buffer(new Uint8Array(value, second, third));
      if (value !== null && typeof value === "object" && value.type === "Buffer") return Buffer.from(value.data);
      if (value !== null && typeof value === "object") return buffer(Uint8Array.from(value, (each) => each & 255));
      throw new TypeError("Buffer.from: text, an array or a buffer expected");
    },
    alloc(size, fill, name) {
      const made = buffer(new Uint8Array(size));
      return fill === undefined ? made : made.fill(fill, 0, size, name);
    },
    allocUnsafe: (size) => Buffer.alloc(size),
    isBuffer: (value) => value instanceof Buffer,
    isEncoding: (name) => [name, aliases[name]].some((each) => textOf[String(each).toLowerCase()] !== undefined),
    byteLength: (value, name) => (typeof value === "string" ? Buffer.from(value, name) : value).length,
    concat(list, length) {
      const joined = Buffer.alloc(length ?? list.reduce((sum, each) => sum + each.length, 0));
      let at = 0;
      for (const each of list) {
        if (at >= joined.length) break;
        joined.set(each.subarray(0, joined.length - at), at);
        at += each.length;
      }
      return joined;
    },
    compare(one, other) {
      for (let at = 0; at < one.length && at < other.length; at++)
        if (one[at] !== other[at]) return one[at] < other[at] ? -1 : 1;
      return Math.sign(one.length - other.length);
    },
  });

  const typed = Object.getPrototypeOf(Uint8Array.prototype);
  give(Buffer.prototype, {
    toString: function (name, start = 0, end = this.length) {
      return encoding(name, textOf)(typed.subarray.call(this, start, end));
    },
    toJSON: function () {
      return { type: "Buffer", data: Array.from(this) };
    },
    equals: function (other) {
      return Buffer.compare(this, other) === 0;
    },
    compare: function (other) {
      return Buffer.compare(this, other);
    },
    slice: function (start, end) {
      return buffer(typed.subarray.call(this, start, end)); // shares its bytes, unlike an array's
    },
    subarray: function (start, end) {
      return buffer(typed.subarray.call(this, start, end));
    },
    fill: function (value, start, end, name) {
      if (typeof value !== "string") return typed.fill.call(this, value, start, end);
      const bytes = Buffer.from(value, typeof start === "string" ? start : name);
      for (let at = 0; at < this.length; at++) this[at] = bytes.length ? bytes[at % bytes.length] : 0;
      return this;
    },
    copy: function (target, at = 0, start = 0, end = this.length) {
      const part = typed.subarray.call(this, start, Math.min(end, start + target.length - at));
      target.set(part, at);
      return part.length;
    },
    write: function (text, at = 0, length = this.length - at, name = "utf8") {
      if (typeof at === "string") return this.write(text, 0, this.length, at);
      if (typeof length === "string") return this.write(text, at, this.length - at, length);
      return Buffer.from(text, name).copy(this, at, 0, length);
    },
    indexOf: function (value, from = 0) {
      const wanted = typeof value === "number" ? [value & 255] : Buffer.from(value);
      for (let at = from; at + wanted.length <= this.length; at++)
        if (wanted.every((byte, index) => this[at + index] === byte)) return at;
      return -1;
    },
    includes: function (value, from) {
      return this.indexOf(value, from) !== -1;
    },
    swap16: function () {
      for (let at = 0; at + 1 < this.length; at += 2) [this[at], this[at + 1]] = [this[at + 1], this[at]];
      return this;
    },
  });

  // --- Numbers: readUInt16LE, writeFloatBE, … and those of any width up to six bytes.
  const view = (of) => new DataView(of.buffer, of.byteOffset, of.byteLength);
  const inside = (of, at, width) => {
    if (!(at >= 0 && at + width <= of.length)) throw new RangeError(`offset ${at} is outside of ${of.length} bytes`);
  };
  const kinds = [["Int8", 1], ["UInt8", 1], ["Int16", 2], ["UInt16", 2], ["Int32", 4], ["UInt32", 4], ["Float", 4]];
  kinds.push(["Double", 8], ["BigInt64", 8], ["BigUInt64", 8]);
  const ofView = { Float: "Float32", Double: "Float64" };
  for (const [kind, width] of kinds) {
    const method = (ofView[kind] ?? kind).replace("UInt", "Uint");
    for (const [suffix, little] of width === 1 ? [["", true]] : [["LE", true], ["BE", false]]) {
      const read = function (at = 0) {
        inside(this, at, width);
        return view(this)[`get${method}`](at, little);
      };
      const write = function (value, at = 0) {
        inside(this, at, width);
        view(this)[`set${method}`](at, value, little);
        return at + width;
      };
      const short = kind.replace("UInt", "Uint"); // both spellings are Node's
      give(Buffer.prototype, { [`read${kind}${suffix}`]: read, [`write${kind}${suffix}`]: write });
      give(Buffer.prototype, { [`read${short}${suffix}`]: read, [`write${short}${suffix}`]: write });
    }
  }
  for (const little of [true, false]) {
    const unsigned = function (at, width) {
      inside(this, at, width);
      let value = 0;
      for (let each = 0; each < width; each++) value = value * 256 + this[little ? at + width - 1 - each : at + each];
      return value;
    };
    const signed = function (at, width) {
      const value = unsigned.call(this, at, width);
      return value >= 2 ** (8 * width - 1) ? value - 2 ** (8 * width) : value;
    };
    const write = function (value, at, width) {
      inside(this, at, width);
      for (let each = 0, left = value; each < width; each++, left = Math.floor(left / 256))
        this[little ? at + each : at + width - 1 - each] = left & 255;
      return at + width;
    };
    const suffix = little ? "LE" : "BE";
    give(Buffer.prototype, { [`readUInt${suffix}`]: unsigned, [`readUint${suffix}`]: unsigned });
    give(Buffer.prototype, { [`readInt${suffix}`]: signed });
    give(Buffer.prototype, { [`writeUInt${suffix}`]: write, [`writeUint${suffix}`]: write, [`writeInt${suffix}`]: write });
  }
  return Buffer;
})
