/* The search engine: the reading half of dateline/search.py. No interface in here.
 *
 *   DatelineSearch.open("search/", "m") -> Promise of an index
 *   index.search("đào tạo -hội nghị", options) -> Promise of a result (see `answer`)
 *   index.records(numbers), index.count(facet, numbers, …), index.concordance(…)
 *
 * Every file of the index is a classic script that calls _S(name, content), so that it also loads from a disk and under
 * a strict policy. Words are compared by form and key exactly as in dateline/search_terms.py.
 */
(function (global) {
  "use strict";

  var RULES = {}; /* written in by the build from data/search.yml */

  // ---- words ---------------------------------------------------------------------------------------------------

  var TOKEN = /([\p{L}\p{N}]+)(?:['’][sS](?![\p{L}\p{N}]))?/gu;
  var MARKS = /[\u0300-\u036f]+/g;
  var MAX_TOKEN = 40;
  var IRREGULAR = new Map(Object.entries(RULES.stem.irregular)); // a Map: "constructor" is a word too
  var D_LETTERS = new RegExp("[" + RULES.d_letters + "]", "g");
  var FINAL_Y = new RegExp("^(?:" + RULES.y_is_i.join("|") + ")y$");
  var SYLLABLE = new RegExp("^(?:" + RULES.onsets.join("|") + ")?(?:" + RULES.rimes.join("|") + ")$");
  var PLAIN = /^[a-z]{4,}$/;
  var keys = new Map();

  function form(token) {
    var low = Array.from(token).slice(0, MAX_TOKEN).join("").toLowerCase().replace(D_LETTERS, "đ").normalize("NFC");
    var ending = RULES.open_tones[low.slice(-2)];
    return ending === undefined || low.slice(-3, -2) === "q" ? low : low.slice(0, -2) + ending;
  }

  function fold(word) {
    return word.replace(/đ/g, "d").normalize("NFD").replace(MARKS, "");
  }

  function key(word) {
    var known = keys.get(word);
    if (known === undefined) {
      var folded = fold(word);
      known = FINAL_Y.test(folded) ? folded.slice(0, -1) + "i"
        : PLAIN.test(folded) && !SYLLABLE.test(folded) ? stem(folded) : folded;
      keys.set(word, known);
    }
    return known;
  }

  function stem(word) {
    word = IRREGULAR.get(word) || word;
    RULES.stem.steps.forEach(function (step) {
      for (var i = 0; i < step.length; i++) {
        var suffix = step[i][0], ending = step[i][1], rest = word.slice(0, word.length - suffix.length);
        if (!word.endsWith(suffix) || rest.length < step[i][2]) continue;
        if (ending === suffix || !Array.from(rest).some(function (c) { return RULES.stem.vowels.includes(c); })) return;
        var last = rest.slice(-1);
        if (!ending && (suffix === "ed" || suffix === "ing") && last === rest.slice(-2, -1) &&
            RULES.stem.double.includes(last)) rest = rest.slice(0, -1);
        word = rest + ending;
        return;
      }
    });
    return word;
  }

  /** The words of a text with their places: [{start, end, form, key}]. The text is not changed, only looked at. */
  function tokens(text) {
    var found = [], match;
    TOKEN.lastIndex = 0;
    while ((match = TOKEN.exec(text))) {
      var word = form(match[1]);
      found.push({ start: match.index, end: match.index + match[1].length, form: word, key: key(word) });
    }
    return found;
  }

  var STOP = new Set(RULES.stop.map(form));
  var STOP_FOLDED = new Set(RULES.stop.map(function (word) { return fold(form(word)); }));
  /** Too common to be required. Typed without marks, "va" may be "và". */
  function isStop(word) { return STOP.has(word) || (fold(word) === word && STOP_FOLDED.has(word)); }

  function isSyllable(folded) { return SYLLABLE.test(folded); }

  /** "danang" -> ["da nang", "dan ang"]: fewest syllables first, at most four ways. */
  function splits(folded, even) {
    if (folded.length > 24 || !PLAIN.test(folded) || (isSyllable(folded) && !even)) return [];
    for (var parts = 2; parts <= 4; parts++) {
      var found = split(folded, parts);
      if (found.length) {
        found.forEach(function (way, i) { found[i] = [Math.min.apply(0, way.map(function (s) { return s.length; })), i, way]; });
        found.sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; });
        return found.slice(0, 4).map(function (way) { return way[2].join(" "); });
      }
    }
    return [];
  }

  function split(folded, parts) {
    if (parts === 1) return isSyllable(folded) ? [[folded]] : [];
    var found = [];
    for (var cut = 1; cut <= Math.min(7, folded.length - parts + 1); cut++) {
      if (!isSyllable(folded.slice(0, cut))) continue;
      split(folded.slice(cut), parts - 1).forEach(function (rest) { found.push([folded.slice(0, cut)].concat(rest)); });
    }
    return found;
  }

  /** "truowngf" -> "trường", or null when it is no Vietnamese syllable in raw Telex. */
  function telex(word) {
    if (!/^[a-z]{2,10}$/.test(word)) return null;
    var tone, base, marks = RULES.telex.letters;
    function marked(plain) {
      base = plain.replace(/uow/g, "ươ").replace(/dd|aa|ee|oo|aw|ow|uw|w/g, function (pair) { return marks[pair]; });
      return isSyllable(fold(base));
    }
    for (var last = word.length - 1; last > 0; last--) { // the tone's key stands last, or after its vowel
      tone = RULES.telex.tones[word[last]];
      if (tone && /[aeiouy]/.test(word.slice(0, last)) && marked(word.slice(0, last) + word.slice(last + 1))) break;
      tone = "";
    }
    if (!tone && (!marked(word) || base === word)) return null;
    if (!tone) return form(base);
    var parts = base.match(/^(gi(?=[^\u0300-\u036f]*[aeiouyăâêôơư])|qu|[^aeiouyăâêôơư]*)([aeiouyăâêôơư]+)(.*)$/);
    if (!parts) return form(base);
    var vowels = parts[2], at = vowels.search(/[ăâêôơ]/);
    if (at < 0) at = vowels.search(/ư/);
    if (vowels.includes("ươ")) at = vowels.indexOf("ơ");
    if (at < 0) at = vowels.length === 1 ? 0 : parts[3] ? vowels.length - 1 : vowels.length === 3 ? 1 : 0;
    return form((parts[1] + vowels.slice(0, at + 1) + tone + vowels.slice(at + 1) + parts[3]).normalize("NFC"));
  }

  // ---- files ---------------------------------------------------------------------------------------------------

  var stored = Object.create(null);
  global._S = function (name, content) { stored[name] = content; };

  var CRC = new Uint32Array(256).map(function (_, n) {
    for (var bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  var utf8 = new TextEncoder();
  function crc(text) {
    var sum = -1;
    utf8.encode(text).forEach(function (byte) { sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8); });
    return ~sum >>> 0;
  }
  function hashed(kind, text) { var number = crc(text); return kind + "/" + (number % 64) + "/" + number; }
  function numbered(kind, number) { return kind + "/" + Math.floor(number / 1000) + "/" + number; }

  function ShardError(name) {
    this.name = "ShardError";
    this.shard = name;
    this.message = "search/" + name + ".js could not be loaded";
  }
  ShardError.prototype = Object.create(Error.prototype);

  var policy = global.trustedTypes && global.trustedTypes.createPolicy
    ? global.trustedTypes.createPolicy("dateline-search", { createScriptURL: function (url) { return url; } }) : null;

  /** Load search/<file>.js, which must give `name`: one that comes back empty is as wrong as one that is missing. */
  function loadScript(base, name, version, file) {
    return new Promise(function (resolve, reject) {
      if (name in stored) return resolve(stored[name]);
      var script = document.createElement("script"), url = base + (file || name) + ".js" + (version ? "?v=" + version : "");
      script.src = policy ? policy.createScriptURL(url) : url;
      script.onload = function () {
        script.remove();
        if (name in stored) resolve(stored[name]); else reject(new ShardError(name));
      };
      script.onerror = function () { script.remove(); reject(new ShardError(name)); };
      document.head.appendChild(script);
    });
  }

  function inflate(packed) {
    var bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(packed)
      : Uint8Array.from(atob(packed), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
  }

  /** A shard of terms, laid out as dateline/search_shards.py says: key -> [{form, documents, cohesive, …}]. */
  function readShard(bytes, pair, number) {
    var view = new DataView(bytes.buffer), count = view.getUint32(0, true), size = view.getUint32(4, true);
    var lines = count ? new TextDecoder().decode(bytes.subarray(8, 8 + size)).split("\n") : [], names = lines;
    if (pair) {
      names = [];
      lines.forEach(function (line) {
        var words = line.split(" ");
        for (var i = 1; i < words.length; i++) names.push(words[0] + " " + words[i]);
      });
    }
    var at = 8 + size, total = 0, byKey = new Map(), terms = names.map(function (name, i) {
      var head = bytes[at + i] | bytes[at + count + i] << 8 | bytes[at + 2 * count + i] << 16;
      var cut = name.indexOf("="), term = {
        name: name, form: cut < 0 ? name : name.slice(0, cut), joined: cut > 0,
        documents: head >> 2, apart: !!(head & 2), cohesive: !!(head & 1), start: total, bytes: bytes, shard: number
      };
      term.key = cut > 0 ? name.slice(cut + 1) : pair ? name.split(" ").map(key).join(" ") : key(name);
      if (!term.apart) total += term.documents;
      if (!byKey.has(term.key)) byKey.set(term.key, []);
      byKey.get(term.key).push(term);
      return term;
    });
    terms.forEach(function (term) { term.gaps = at + 3 * count; term.total = total; });
    byKey.terms = terms;
    return byKey;
  }

  /** The postings of a term: {ids, times, places}; `times` counts from 1, `places` is 128 for the title + length class << 4. */
  function readPostings(term) {
    var n = term.documents, ids = new Uint32Array(n), times = new Uint16Array(n), last = 0, bytes = term.bytes, total = term.total;
    var low = term.gaps + term.start, tf = low + 3 * total, place = tf + total;
    for (var i = 0; i < n; i++) {
      last += bytes[low + i] | bytes[low + total + i] << 8 | bytes[low + 2 * total + i] << 16;
      ids[i] = last;
      times[i] = bytes[tf + i] + 1;
    }
    return { ids: ids, times: times, places: bytes.subarray(place, place + n) };
  }

  // ---- the query -----------------------------------------------------------------------------------------------

  /** Words, "phrases", -not, OR, title:word and word* -> [[item, …alternatives], …]; all lines are required. */
  function parse(text) {
    var clauses = [], or = false, match;
    var parts = /(-(?=\S))?((?:title|tiêu đề|tieude):)?(?:"([^"]*)"?|([^\s"]+))/giu;
    text = text.normalize("NFC").replace(/[“”„«»]/g, '"');
    while ((match = parts.exec(text))) {
      var raw = match[3] !== undefined ? match[3] : match[4];
      if ((raw === "OR" || raw === "HOẶC" || raw === "|") && match[3] === undefined) { or = clauses.length > 0; continue; }
      var words = tokens(raw);
      if (!words.length) continue;
      var before = text[match.index - 1];
      var item = {
        not: !!match[1] && (before === undefined || /\s/.test(before)), title: !!match[2], words: words, raw: raw,
        quoted: match[3] !== undefined, phrase: match[3] !== undefined || words.length > 1, prefix: /[^\s]\*$/.test(raw)
      };
      if (or && !item.not) clauses[clauses.length - 1].push(item); else clauses.push([item]);
      or = false;
    }
    clauses.forEach(function (clause, i) { // a pasted headline: "… Nội Bài -Lào Cai"
      var next = clauses[i + 1];
      if (i > 3 && next && !clause[0].quoted && isPlain(clauses[i - 1][0]) && isPlain(next[0])) clause[0].not = false;
    });
    return clauses;
  }

  // ---- sets of documents ---------------------------------------------------------------------------------------

  /** Documents with a score each, and whether everything asked for stands in the title. */
  function Hits(size) {
    this.score = new Float32Array(size);
    this.title = new Uint8Array(size);
    this.ids = [];
  }
  Hits.prototype.put = function (id, score, title) {
    if (this.score[id] === 0) this.ids.push(id);
    if (score > this.score[id]) this.score[id] = score;
    if (title) this.title[id] = 1;
  };
  Hits.prototype.scale = function (factor) {
    for (var i = 0; i < this.ids.length; i++) this.score[this.ids[i]] *= factor;
    return this;
  };

  function both(sets, size) {
    if (sets.length === 1) return sets[0];
    var found = new Hits(size), sorted = sets.slice().sort(function (a, b) { return a.ids.length - b.ids.length; });
    sorted[0].ids.forEach(function (id) {
      var sum = 0, title = 1;
      for (var i = 0; i < sorted.length; i++) {
        if (sorted[i].score[id] === 0) return;
        sum += sorted[i].score[id];
        title &= sorted[i].title[id];
      }
      found.put(id, sum, title);
    });
    return found;
  }

  function either(sets, size) {
    if (sets.length === 1) return sets[0];
    var found = new Hits(size);
    sets.forEach(function (set) { set.ids.forEach(function (id) { found.put(id, set.score[id], set.title[id]); }); });
    return found;
  }

  var LENGTH = [48, 96, 190, 380, 760, 1500, 3000, 6000].map(function (words) { return 0.25 + 0.75 * words / 400; });
  function impact(times, place) {
    var weighted = times + (place & 128 ? 3 : 0);
    return 2.2 * weighted / (weighted + 1.2 * LENGTH[place >> 4 & 7]);
  }

  /** How well a written form answers what was typed: exact 1, without tone .6, without marks .5, other marks .3. */
  function likeness(typed, written) {
    if (typed === written) return 1;
    if (typed === fold(typed)) return 0.98;
    if (written === fold(written)) return 0.5;
    return toneless(typed) === toneless(written) ? 0.6 : 0.3;
  }
  function toneless(word) { return word.normalize("NFD").replace(/[\u0300\u0301\u0303\u0309\u0323]/g, ""); }

  /** Edit distance at most one, a swap of neighbours counting as one. */
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1 || a === b) return a === b;
    var i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    return a.slice(i + 1) === b.slice(i) || a.slice(i) === b.slice(i + 1) || a.slice(i + 1) === b.slice(i + 1) ||
      (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2));
  }

  // ---- the index -----------------------------------------------------------------------------------------------

  function Index(base, manifest) {
    this.base = base;
    this.manifest = manifest;
    this.size = manifest.documents;
    this.cache = new Map();
    var start = 0;
    this.months = manifest.months.map(function (row) {
      var month = { month: row[0], documents: row[1], words: row[2], start: start, end: start + row[1] };
      start = month.end;
      return month;
    });
  }

  var methods = Index.prototype;

  methods.load = function (name, read) {
    var self = this;
    if (!this.cache.has(name)) {
      var waiting = loadScript(this.base, name, this.manifest.version).then(inflate).then(function (bytes) {
        return read(bytes);
      });
      waiting.catch(function () { self.cache.delete(name); });
      this.cache.set(name, waiting);
    }
    return this.cache.get(name);
  };

  methods.wordShard = function (word) { return this.wordShards(word, 1).then(function (shards) { return shards[0]; }); };

  /** The shard that a word stands in, and up to `most` in all that hold words beginning with it. */
  methods.wordShards = function (word, most) {
    var self = this, borders = this.manifest.borders, low = 0, high = borders.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (word < borders[middle]) high = middle - 1; else low = middle;
    }
    var names = borders.slice(low, low + most).filter(function (border, i) { return !i || border.startsWith(word); });
    return Promise.all(names.map(function (border) {
      return self.load(hashed("u", border), function (bytes) { return readShard(bytes, false, crc(border)); });
    }));
  };

  methods.words = function (wordKey) {
    return this.wordShard(wordKey).then(function (shard) { return shard.get(wordKey) || []; });
  };

  methods.pairs = function (pairKey) {
    var parts = pairKey.split(" "), groups = Math.min(this.manifest.buckets, this.manifest.groups);
    var each = this.manifest.buckets / groups, bucket = crc(parts[0]) % groups * each + crc(parts[1]) % each;
    return this.load(numbered("v", bucket), function (bytes) { return readShard(bytes, true, bucket); })
      .then(function (shard) { return shard.get(pairKey) || []; });
  };

  /** The file of a very common term. */
  function apart(kind, term) { var number = crc(kind + ":" + term.name); return "h/" + number % 64 + "/" + term.shard + "-" + number; }

  methods.postings = function (term, kind) {
    if (!term.postings) {
      term.postings = term.apart
        ? this.load(apart(kind, term), function (bytes) { return readShard(bytes, kind === "v"); })
          .then(function (shard) {
            return readPostings(shard.terms.find(function (other) { return other.name === term.name; }));
          })
        : Promise.resolve(readPostings(term));
    }
    return term.postings;
  };

  /** The documents of some terms, each with the weight of how well it answers; `title` keeps those in a title. */
  methods.gather = function (weighted, kind, title) {
    var self = this, hits = new Hits(this.size);
    return Promise.all(weighted.map(function (pair) { return self.postings(pair[0], kind); })).then(function (lists) {
      lists.forEach(function (list, n) {
        var weight = weighted[n][1];
        for (var i = 0; i < list.ids.length; i++) {
          if (!title || list.places[i] & 128) hits.put(list.ids[i], weight * impact(list.times[i], list.places[i]), list.places[i] & 128);
        }
      });
      var count = hits.ids.length;
      return hits.scale(Math.log(1 + (self.size - count + 0.5) / (count + 0.5)) + 0.05);
    });
  };

  // One typed word: all forms under its key, or with `exact` only the form itself where it has marks.
  methods.word = function (word, options) {
    var self = this;
    return this.words(word.key).then(function (terms) {
      var weighted = terms.map(function (term) { return [term, likeness(word.form, term.form)]; });
      if (word.form !== fold(word.form)) {
        // Asked for "chữ", "chủ" is another word; and it stands in so many articles that its list is a long one.
        // Without a tone ("tuyên sinh") another tone may be meant.
        var stands = terms.some(function (term) { return term.form === word.form; }), least = toneless(word.form) === word.form.normalize("NFD") ? 0.6 : 1;
        weighted = weighted.filter(function (pair) { return options.exact ? pair[1] === 1 : !stands || !pair[0].apart || pair[1] >= least; });
      }
      return self.gather(weighted, "u", options.title);
    });
  };

  methods.pair = function (first, second, options) {
    var self = this, typed = first.form + " " + second.form;
    return this.pairs(first.key + " " + second.key).then(function (terms) {
      if (options.exact) {
        terms = terms.filter(function (term) { return !term.joined && fits(typed, term.form); });
      }
      return self.gather(terms.map(function (term) {
        return [term, term.joined ? 0.5 : likenessOfPair(first.form, second.form, term.form)];
      }), "v", options.title);
    });
  };

  function likenessOfPair(first, second, written) {
    var parts = written.split(" ");
    return (likeness(first, parts[0]) + likeness(second, parts[1])) / 2;
  }

  /** In quotes: a word typed with marks must stand exactly so, one without marks may stand any way. */
  function fits(typed, written) {
    var a = typed.split(" "), b = written.split(" ");
    return a.every(function (word, i) { return word === b[i] || word === fold(word); });
  }

  methods.prefix = function (typed, options) {
    var self = this, start = fold(typed.form);
    return this.wordShards(start, 6).then(function (shards) {
      var terms = [].concat.apply([], shards.map(function (shard) { return shard.terms; })).filter(function (term) {
        return fold(term.form).startsWith(start);
      });
      terms.sort(function (a, b) { return b.documents - a.documents; });
      return self.gather(terms.slice(0, 40).map(function (term) {
        return [term, term.form === typed.form ? 1 : fold(term.form) === start ? 0.8 : 0.6];
      }), "u", options.title);
    });
  };

  methods.phrase = function (item) {
    var self = this, words = item.words, options = { title: item.title, exact: item.quoted };
    if (words.length === 1) return this.word(words[0], options);
    return Promise.all(words.slice(1).map(function (word, i) { return self.pair(words[i], word, options); }))
      .then(function (sets) { return both(sets, self.size); });
  };

  /** Syllables written together: "hanoi" is the word itself or the neighbours "ha noi". */
  methods.together = function (word, ways, options) {
    var self = this, sets = [this.word(word, options)];
    ways.forEach(function (way) {
      sets.push(self.phrase({ words: tokens(way), title: options.title, quoted: false }));
    });
    return Promise.all(sets).then(function (found) { return either(found, self.size); });
  };

  /** What was probably meant by a word that nobody wrote: Telex, else the nearest word of the same shard. */
  methods.mend = function (word) {
    var self = this, folded = fold(word.form);
    return this.wordShard(word.key).then(function (shard) {
      if (shard.has(word.key)) return null;
      var decoded = telex(folded);
      if (decoded) return decoded;
      var best = null, ways = splits(folded, true), apart = folded.replace(APART, "$1$3$5$7 $2$4$6$8"); // "phuyen" could be one syllable, and is two
      if (apart !== folded) ways.push(apart);
      if (word.key.length > 2 && !/\d/.test(folded)) shard.terms.forEach(function (term) {
        if (near(word.key, term.key) && (!best || term.documents > best.documents)) best = term;
      });
      return Promise.all(ways.map(function (way) { return self.pairs(tokens(way).slice(0, 2).map(keyOf).join(" ")); }))
        .then(function (found) {
          var known = ways.filter(function (_, i) { return found[i].length; })[0];
          return known || (best && (word.form === folded ? fold(best.form) : best.form));
        });
    });
  };
  /** 2000 is printed 2.000, covid19 Covid-19, and mnong M'Nông. */
  var APART = /^(\d+)(\d{3})$|^(\D+)(\d.*)$|^(\d+)(\D.*)$|^(\D)(\D{2,})$/;
  function keyOf(word) { return word.key; }

  /** Replace unknown words. Syllables are looked at only when `all`: usually a pair of them answers at once. */
  methods.mended = function (words, all) {
    var self = this, changed = [];
    return Promise.all(words.map(function (word) {
      var folded = fold(word.form);
      if (isStop(word.form) || !all && (isSyllable(folded) || !telex(folded))) return word;
      return self.mend(word).then(function (better) {
        if (!better) return word;
        changed.push([word.form, better]);
        return tokens(better);
      });
    })).then(function (found) { return { words: [].concat.apply([], found), changed: changed }; });
  };

  /** A run of plain words: pairs that belong together are one requirement, other words one each. */
  methods.run = function (words, typing) {
    var self = this, last = words.length - 1;
    return Promise.all(words.slice(1).map(function (word, i) {
      if (isStop(words[i].form) && isStop(word.form)) return [];
      return self.pairs(words[i].key + " " + word.key);
    })).then(function (pairs) {
      var covered = words.map(function () { return false; }), needed = [], bonus = [];
      var joined = words.map(function () { return []; }); // "Hanoi" has the words "hà" and "nội", too
      pairs.forEach(function (terms, i) {
        if (!terms.length) return;
        var together = terms.some(function (term) { return term.cohesive; });
        if (!together && isStop(words[i].form) + isStop(words[i + 1].form) && terms.some(function (term) { return term.apart; })) return;
        var set = self.pair(words[i], words[i + 1], {});
        if (terms.some(function (term) { return term.joined; })) joined[i].push(set), joined[i + 1].push(set);
        if (together && !(typing && i + 1 === last && pairs.length > 1)) {
          covered[i] = covered[i + 1] = true;
          needed.push(set);
        } else bonus.push(set);
      });
      function each(i) {
        return Promise.all(joined[i].concat(self.one(words[i], typing && i === last, {}))).then(function (sets) { return either(sets, self.size); });
      }
      var all = words.map(function (_, i) { return i; });
      var open = all.filter(function (i) { return !covered[i] && !isStop(words[i].form); });
      if (!needed.length && !open.length) open = all;
      return Promise.all([Promise.all(needed.concat(open.map(each))), Promise.all(bonus)]).then(function (sets) {
        return { needed: sets[0], bonus: sets[1], each: each };
      });
    });
  };

  methods.one = function (word, typing, options) {
    if (typing) return this.prefix(word, options);
    var ways = splits(fold(word.form));
    return ways.length ? this.together(word, ways, options) : this.word(word, options);
  };

  methods.item = function (item, typing) {
    var options = { title: item.title, exact: item.quoted }, words = item.words, last = words.length - 1, size = this.size;
    item.partial = item.prefix || (typing && item.phrase);
    if (last && item.partial) {
      return Promise.all([this.phrase(Object.assign({}, item, { words: words.slice(0, -1) })), this.prefix(words[last], options)])
        .then(function (sets) { return both(sets, size); });
    }
    if (last) return this.phrase(item);
    if (item.partial) return this.prefix(words[0], options);
    if (item.quoted) return this.word(words[0], options);
    return this.one(item.words[0], typing, options);
  };

  /** All documents that answer; see `answer` for what comes back. */
  methods.search = function (text, options) {
    var self = this, clauses = options && options.clauses || parse(text), typing = !!(options && options.typing) && /[\p{L}\p{N}]$/u.test(text);
    if (!clauses.length) return Promise.resolve(answer(self, clauses, null));
    var plain = clauses.filter(function (clause) { return clause.length === 1 && isPlain(clause[0]); });
    var words = [].concat.apply([], plain.map(function (clause) { return clause[0].words; }));
    var others = clauses.filter(function (clause) { return !plain.includes(clause); });
    var typingPlain = typing && clauses[clauses.length - 1] === plain[plain.length - 1];
    var fixed = Promise.all(others.map(function (clause) { return self.clause(clause, typing && clause === clauses[clauses.length - 1]); }));
    return fixed.then(function (sets) {
      var must = sets.filter(function (_, i) { return !others[i][0].not; });
      var not = sets.filter(function (_, i) { return others[i][0].not; });
      return self.mended(words, false).then(function (mended) {
        return self.plain(mended.words, must, typingPlain).then(function (found) {
          if ((found.hits.ids.length && found.level !== "some") || typingPlain || !words.length) return [found, mended];
          return self.mended(words, true).then(function (again) {
            if (!again.changed.length) return [found, mended];
            return self.plain(again.words, must, false).then(function (better) {
              return better.hits.ids.length && better.level !== "some" ? [better, again] : [found, mended];
            });
          });
        });
      }).then(function (both) {
        var found = both[0];
        not.forEach(function (set) {
          found.hits.ids = found.hits.ids.filter(function (id) { return set.score[id] === 0; });
        });
        return self.verify(clauses, found.hits).then(function (about) {
          var loose = found.hits.ids.length ? [] : clauses.filter(function (clause) {
            var item = clause[0];
            return item.phrase && !item.quoted && !item.not && !item.title && !clause[1];
          });
          if (loose.length) { // "24/2/2023" stands nowhere: its parts do
            loose.forEach(function (clause) { clause[0].phrase = false; });
            return self.search(text, { clauses: clauses }).then(function (result) {
              if (result.level === "strict") result.level = "apart";
              return result;
            });
          }
          return answer(self, clauses, found, both[1], about);
        });
      });
    });
  };

  function isPlain(item) { return !item.not && !item.title && !item.phrase && !item.prefix; }

  methods.clause = function (clause, typing) {
    var self = this;
    return Promise.all(clause.map(function (item) { return self.item(item, typing && item === clause[clause.length - 1]); }))
      .then(function (sets) { return either(sets, self.size); });
  };

  /** Plain words: strict first; under ten hits also articles with all words apart, else those with most of them. */
  methods.plain = function (words, must, typing) {
    var self = this, size = this.size;
    if (!words.length) return Promise.resolve({ hits: must.length ? both(must, size) : allOf(size), level: "strict" });
    return this.run(words, typing).then(function (strict) {
      var hits = withBonus(both(strict.needed.concat(must), size), strict.bonus);
      if (hits.ids.length >= 10 || words.length < 2) return { hits: hits, level: "strict" };
      return Promise.all(words.map(function (_, i) { return strict.each(i); })).then(function (sets) {
        var required = sets.filter(function (_, i) { return !isStop(words[i].form); });
        if (!required.length) required = sets;
        var apart = both(required.concat(must), size), pairs = strict.needed.concat(strict.bonus);
        var more = apart.ids.filter(function (id) { return hits.score[id] === 0; }).length;
        if (hits.ids.length + more) {
          return { hits: ranked(hits.ids, apart.ids, sets, pairs, must, size), level: more ? "apart" : "strict", strict: hits.ids.length };
        }
        var some = most(strict.needed, must, size);
        return { hits: some.ids.length ? some : most(required, must, size), level: "some", strict: 0 };
      });
    });
  };

  function allOf(size) {
    var hits = new Hits(size);
    for (var id = 0; id < size; id++) hits.put(id, 1);
    return hits;
  }

  var IN_TITLE = 1.3; // all words in the headline: it is what the article is about

  function withBonus(hits, bonus) {
    var found = new Hits(hits.score.length);
    hits.ids.forEach(function (id) {
      var sum = bonus.reduce(function (sum, set) { return sum + 0.6 * set.score[id]; }, hits.score[id]);
      found.put(id, hits.title[id] ? IN_TITLE * sum : sum);
    });
    return found;
  }

  /** One scale for all: every word and every pair of neighbours counts. */
  function ranked(strict, apart, words, pairs, must, size) {
    var found = new Hits(size);
    strict.concat(apart).forEach(function (id) {
      if (found.score[id]) return;
      var sum = 0.001;
      words.concat(must, pairs).forEach(function (set) { sum += set.score[id]; });
      found.put(id, words.every(function (set) { return set.title[id]; }) ? IN_TITLE * sum : sum);
    });
    return found;
  }

  /** Nothing has all words: the articles with the most of them, at least half. */
  function most(sets, must, size) {
    var counts = new Uint8Array(size), top = 0, found = new Hits(size);
    sets.forEach(function (set) {
      set.ids.forEach(function (id) { top = Math.max(top, ++counts[id]); });
    });
    if (top < sets.length / 2) return found;
    for (var id = 0; id < size; id++) {
      if (counts[id] !== top || must.some(function (set) { return set.score[id] === 0; })) continue;
      found.put(id, sets.reduce(function (sum, set) { return sum + set.score[id]; }, 0.001));
    }
    return found;
  }

  var VERIFY = 40;
  /** Phrases of three words and more are looked up as pairs; read the texts of few hits to be sure. True = "about". */
  methods.verify = function (clauses, hits) {
    var self = this, phrases = clauses.filter(function (clause) {
      return clause.length === 1 && !clause[0].not && clause[0].phrase && clause[0].words.length > (clause[0].partial ? 1 : 2);
    }).map(function (clause) { return clause[0]; });
    if (!phrases.length || !hits.ids.length) return Promise.resolve(false);
    if (hits.ids.length > VERIFY) return Promise.resolve(true);
    return this.records(hits.ids).then(function (records) {
      hits.ids = hits.ids.filter(function (_, i) {
        return phrases.every(function (item) { return self.holds(records[i], item); });
      });
      return false;
    });
  };

  methods.holds = function (record, item) {
    return (item.title ? [record.title] : [record.title, record.text]).some(function (text) {
      return findPhrase(tokens(text), item.words, item.quoted, item.partial).length > 0;
    });
  };

  /** Where a phrase begins among tokens. */
  function findPhrase(text, words, exact, partial) {
    var found = [];
    for (var i = 0; i + words.length <= text.length; i++) {
      var n = 0;
      while (n < words.length && (partial && n === words.length - 1
        ? fold(text[i + n].form).startsWith(fold(words[n].form))
        : text[i + n].key === words[n].key && (!exact || fits(words[n].form, text[i + n].form)))) n++;
      if (n === words.length) found.push(i);
    }
    return found;
  }

  /** {ids: best first, level: strict | apart | some, strict, changed: [[typed, meant]], about, items, words} */
  function answer(index, clauses, found, mended, about) {
    var hits = found ? found.hits : allOf(index.size);
    var score = hits.score;
    hits.ids.sort(function (a, b) { return score[b] - score[a] || b - a; });
    return {
      ids: hits.ids, all: !found, level: found ? found.level : "strict", strict: found && found.strict,
      changed: mended ? mended.changed : [], about: !!about, clauses: clauses, words: mended ? mended.words : []
    };
  }

  // ---- records, facets, dates ------------------------------------------------------------------------------------

  var FIELDS = ["url", "title", "date", "language", "source", "province", "province63", "topic", "translated", "titleSource", "id", "text"];

  methods.records = function (ids) {
    var self = this, per = this.manifest.perRecord;
    return Promise.all(ids.map(function (id) {
      return self.load(numbered("d", Math.floor(id / per)), function (bytes) {
        return JSON.parse(new TextDecoder().decode(bytes)).map(function (row) {
          var record = {};
          FIELDS.forEach(function (field, i) { record[field] = row[i]; });
          return record;
        });
      }).then(function (group) { return group[id % per]; });
    }));
  };

  /** A facet's column: {start: where each document's values begin, values}. */
  methods.column = function (facet) {
    var self = this, chunks = [], per = this.manifest.perColumn, size = this.size;
    for (var n = 0; n * per < size; n++) chunks.push(n);
    if (!this.columns) this.columns = {};
    if (this.columns[facet]) return this.columns[facet];
    var waiting = Promise.all(chunks.map(function (n) {
      return self.load("c/" + facet + "/" + n, function (bytes) { return bytes; });
    })).then(function (parts) {
      var start = new Uint32Array(size + 1), values = [], at = 0;
      parts.forEach(function (bytes, chunk) {
        var count = Math.min(per, size - chunk * per), total = (bytes.length - count) / 2, i;
        for (i = 0; i < count; i++) { start[chunk * per + i] = at; at += bytes[i]; }
        for (i = 0; i < total; i++) values.push(bytes[count + i] | bytes[count + total + i] << 8);
      });
      start[size] = at;
      return { start: start, values: Uint16Array.from(values) };
    });
    waiting.catch(function () { delete self.columns[facet]; });
    this.columns[facet] = waiting;
    return waiting;
  };

  /** Which of a facet's documents have one of the chosen values: one byte per document. */
  methods.chosen = function (facet, values) {
    var numbers = new Set(values.map(function (value) { return this.manifest.facets[facet].values.indexOf(value); }, this)), size = this.size;
    return this.column(facet).then(function (column) {
      var mask = new Uint8Array(size);
      for (var id = 0; id < size; id++) {
        for (var i = column.start[id]; i < column.start[id + 1]; i++) if (numbers.has(column.values[i])) mask[id] = 1;
      }
      return mask;
    });
  };

  /** The documents of a span of months, as one byte per document. `from`, `to`: "2023", "2023-02"; either may be empty. */
  methods.between = function (from, to) {
    var mask = new Uint8Array(this.size);
    this.months.forEach(function (month) {
      if (month.month && (!from || month.month >= from.slice(0, month.month.length)) &&
          (!to || month.month.slice(0, to.length) <= to)) mask.fill(1, month.start, month.end);
    });
    return mask;
  };

  methods.count = function (facet, ids, masks) {
    var counts = new Uint32Array(this.manifest.facets[facet].values.length);
    return this.column(facet).then(function (column) {
      ids.forEach(function (id) {
        for (var m = 0; m < masks.length; m++) if (!masks[m][id]) return;
        for (var i = column.start[id]; i < column.start[id + 1]; i++) counts[column.values[i]]++;
      });
      return counts;
    });
  };

  /** Words to try when nothing was found: [[typed, suggestion]]. */
  methods.suggest = function (words) {
    return this.load("w", function (bytes) { return new TextDecoder().decode(bytes).split(" "); }).then(function (known) {
      var found = [];
      words.forEach(function (word) {
        if (word.form.length < 3 || /\d/.test(word.form) || known.includes(word.form)) return;
        var folded = fold(word.form), best = known.find(function (other) { return near(folded, fold(other)); });
        if (best) found.push([word.form, best]);
      });
      return found;
    });
  };

  // ---- marking ---------------------------------------------------------------------------------------------------

  /** Which tokens of a text answer the query: [[start, end]] in the original text, words side by side as one. */
  function marks(text, result) {
    var words = tokens(text), hit = new Uint8Array(words.length), single = new Set(), joined = new Set(), starts = [];
    var typed = result.words.concat([].concat.apply([], result.clauses.map(function (clause) {
      return [].concat.apply([], clause.filter(function (item) { return !item.not && !item.phrase && !isPlain(item); }).map(function (item) {
        if (item.prefix) starts.push(fold(item.words[0].form));
        return item.words;
      }));
    })));
    if (result.typing && typed.length) starts.push(fold(typed[typed.length - 1].form));
    typed.forEach(function (word, i) {
      if (!isStop(word.form) || typed.length === 1) single.add(word.key);
      splits(fold(word.form)).forEach(function (way) { joined.add(way); });
      if (i && isSyllable(fold(word.form))) single.add("=" + fold(typed[i - 1].form) + fold(word.form));
    });
    var ways = Array.from(joined, function (way) { return tokens(way); });
    result.clauses.forEach(function (clause) {
      clause.forEach(function (item) { if (!item.not && item.phrase) ways.push(Object.assign(item.words.slice(), { exact: item.quoted, partial: item.partial })); });
    });
    ways.forEach(function (way) {
      findPhrase(words, way, way.exact, way.partial).forEach(function (at) { hit.fill(1, at, at + way.length); });
    });
    words.forEach(function (word, i) {
      if (single.has(word.key) || single.has("=" + fold(word.form))) hit[i] = 1;
      else if (starts.length && starts.some(function (start) { return fold(word.form).startsWith(start); })) hit[i] = 1;
      else if (isStop(word.form) && i && hit[i - 1] && words[i + 1] && single.has(words[i + 1].key) && typed.some(function (t) { return t.key === word.key; })) hit[i] = 1;
    });
    return words.reduce(function (spans, word, i) {
      if (!hit[i]) return spans;
      if (hit[i - 1] && /^\s+$/.test(text.slice(words[i - 1].end, word.start))) spans[spans.length - 1][1] = word.end;
      else spans.push([word.start, word.end]);
      return spans;
    }, []);
  }

  /** `file`: "m", or "all" when the whole index is one file. */
  function open(base, file) {
    return loadScript(base, "m", "", file).then(function (manifest) { return new Index(base, manifest); });
  }

  global.DatelineSearch = {
    open: open, parse: parse, tokens: tokens, form: form, fold: fold, key: key, splits: splits, telex: telex, marks: marks,
    findPhrase: findPhrase, isPlain: isPlain, ShardError: ShardError
  };
})(window);
