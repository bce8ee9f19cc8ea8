// Finding a QR code in a picture: its three finder patterns, its size, its modules.
import { LARGEST_VERSION, alignmentPositions, decode } from "./qr_decode.js";

/**
 * Turn RGBA pixels into dark and light, each compared with its surroundings (Bradley, Roth).
 * With `soft` each pixel counts together with its neighbours, which helps against noise.
 */
export function binarize({ data, width, height }, soft = 0) {
  const sums = new Uint32Array((width + 1) * (height + 1));
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const value = (data[at] * 77 + data[at + 1] * 151 + data[at + 2] * 28) >> 8;
      grey[y * width + x] = value;
      row += value;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  const sumOf = (left, top, right, bottom) =>
    sums[bottom * (width + 1) + right] - sums[bottom * (width + 1) + left] -
    sums[top * (width + 1) + right] + sums[top * (width + 1) + left];
  const half = Math.max(8, Math.round(Math.max(width, height) / 14));
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const top = Math.max(0, y - half);
    const bottom = Math.min(height, y + half + 1);
    const above = Math.max(0, y - soft);
    const below = Math.min(height, y + soft + 1);
    for (let x = 0; x < width; x += 1) {
      const left = Math.max(0, x - half);
      const right = Math.min(width, x + half + 1);
      const mean = sumOf(left, top, right, bottom) / ((bottom - top) * (right - left));
      let value = grey[y * width + x];
      if (soft) {
        const from = Math.max(0, x - soft);
        const to = Math.min(width, x + soft + 1);
        value = sumOf(from, above, to, below) / ((below - above) * (to - from));
      }
      dark[y * width + x] = value < mean * 0.88 ? 1 : 0;
    }
  }
  return { dark, width, height };
}

/** Whether five runs are as 1:1:3:1:1; returns the module's size or 0. */
function proportion(runs) {
  const total = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
  if (total < 7) return 0;
  const module = total / 7;
  const near = (run, want) => Math.abs(run - want * module) < want * module * 0.55;
  return near(runs[0], 1) && near(runs[1], 1) && near(runs[2], 3) && near(runs[3], 1) && near(runs[4], 1)
    ? module
    : 0;
}

/** Walk from a dark place both ways along an axis; returns {centre, module} or null. */
function cross({ dark, width, height }, x, y, dx, dy, limit) {
  const colour = (i) => {
    const px = x + dx * i;
    const py = y + dy * i;
    return px < 0 || py < 0 || px >= width || py >= height ? -1 : dark[py * width + px];
  };
  const runs = [0, 0, 0, 0, 0];
  const ends = [0, 0];
  for (const [side, way] of [[0, -1], [1, 1]]) {
    let i = side;
    for (const [index, wanted] of [[2, 1], [way < 0 ? 1 : 3, 0], [way < 0 ? 0 : 4, 1]]) {
      while (colour(way * i) === wanted && runs[index] <= limit) {
        runs[index] += 1;
        i += 1;
      }
      if (index === 2) ends[side] = i;
    }
  }
  const module = proportion(runs);
  if (!module) return null;
  // In places between pixels: the pixel at x reaches from x to x + 1.
  return { centre: (ends[1] - ends[0] + 1) / 2, module };
}

/** Return the finder patterns, those seen in most rows first. */
export function finders(picture) {
  const { dark, width, height } = picture;
  const found = [];
  for (let y = 0; y < height; y += 2) {
    const runs = [0, 0, 0, 0, 0];
    let colour = 0;
    for (let x = 0; x <= width; x += 1) {
      const value = x < width ? dark[y * width + x] : 2;
      if (value === colour) {
        runs[4] += 1;
        continue;
      }
      if (colour === 1 && proportion(runs)) {
        note(picture, found, Math.floor(x - runs[4] - runs[3] - runs[2] / 2), y, runs);
      }
      runs.shift();
      runs.push(1);
      colour = value;
    }
  }
  return found.filter((one) => one.count > 1).sort((a, b) => b.count - a.count).slice(0, 14);
}

function note(picture, found, x, y, runs) {
  const limit = (runs[0] + runs[1] + runs[2] + runs[3] + runs[4]) * 2;
  const down = cross(picture, x, y, 0, 1, limit);
  if (!down) return;
  const cy = Math.floor(y + down.centre);
  const along = cross(picture, x, cy, 1, 0, limit);
  if (!along || Math.max(along.module, down.module) > 1.5 * Math.min(along.module, down.module)) return;
  const point = { x: x + along.centre, y: y + down.centre, module: (along.module + down.module) / 2, count: 1 };
  const near = found.find(
    (other) => Math.hypot(other.x - point.x, other.y - point.y) < 3.5 * Math.max(other.module, point.module),
  );
  if (!near) {
    found.push(point);
    return;
  }
  const weight = near.count;
  for (const name of ["x", "y", "module"]) near[name] = (near[name] * weight + point[name]) / (weight + 1);
  near.count += 1;
}

/** Yield triples that may be the corners of one code, most like a right angle first. */
function corners(points) {
  const triples = [];
  for (let i = 0; i < points.length; i += 1) {
    for (let j = i + 1; j < points.length; j += 1) {
      for (let k = j + 1; k < points.length; k += 1) {
        const three = [points[i], points[j], points[k]];
        const modules = three.map((point) => point.module);
        if (Math.max(...modules) > 2 * Math.min(...modules)) continue;
        const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
        // The corner lies opposite the longest side.
        const sides = [distance(three[1], three[2]), distance(three[0], three[2]), distance(three[0], three[1])];
        const corner = sides.indexOf(Math.max(...sides));
        let [a, b] = [three[(corner + 1) % 3], three[(corner + 2) % 3]];
        const c = three[corner];
        if ((a.x - c.x) * (b.y - c.y) - (a.y - c.y) * (b.x - c.x) < 0) [a, b] = [b, a];
        const [first, second] = [distance(c, a), distance(c, b)];
        const skew =
          Math.abs(first - second) / Math.max(first, second) +
          Math.abs(sides[corner] - Math.hypot(first, second)) / sides[corner] +
          Math.max(...modules) / Math.min(...modules) - 1;
        if (skew < 1) triples.push({ skew, topLeft: c, topRight: a, bottomLeft: b });
      }
    }
  }
  return triples.sort((a, b) => a.skew - b.skew).slice(0, 10);
}

/** Return the map from modules to pixels that takes four module places to four pixel places. */
function perspective(from, to) {
  const rows = [];
  for (const [i, { x, y }] of from.entries()) {
    rows.push([x, y, 1, 0, 0, 0, -x * to[i].x, -y * to[i].x, to[i].x]);
    rows.push([0, 0, 0, x, y, 1, -x * to[i].y, -y * to[i].y, to[i].y]);
  }
  for (let column = 0; column < 8; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < 8; row += 1) {
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const divisor = rows[column][column];
    if (Math.abs(divisor) < 1e-9) return null;
    rows[column] = rows[column].map((value) => value / divisor);
    for (let row = 0; row < 8; row += 1) {
      if (row === column) continue;
      const factor = rows[row][column];
      rows[row] = rows[row].map((value, i) => value - factor * rows[column][i]);
    }
  }
  const [a, b, c, d, e, f, g, h] = rows.map((row) => row[8]);
  return (x, y) => {
    const w = g * x + h * y + 1;
    return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
  };
}

/** Look around a place for an alignment pattern: light ring around a dark middle. */
function alignment({ dark, width, height }, map, at, module) {
  const value = (x, y) => {
    const px = Math.floor(x);
    const py = Math.floor(y);
    return px < 0 || py < 0 || px >= width || py >= height ? -1 : dark[py * width + px];
  };
  const [middle, right, below] = [map(at, at), map(at + 1, at), map(at, at + 1)];
  const across = { x: right.x - middle.x, y: right.y - middle.y };
  const down = { x: below.x - middle.x, y: below.y - middle.y };
  let best = { score: 21, x: 0, y: 0 };
  const reach = Math.ceil(module * 4);
  for (let oy = -reach; oy <= reach; oy += 1) {
    for (let ox = -reach; ox <= reach; ox += 1) {
      const x = middle.x + ox;
      const y = middle.y + oy;
      if (value(x, y) !== 1) continue;
      let score = 0;
      for (let j = -2; j <= 2; j += 1) {
        for (let i = -2; i <= 2; i += 1) {
          const wanted = Math.max(Math.abs(i), Math.abs(j)) === 1 ? 0 : 1;
          if (value(x + i * across.x + j * down.x, y + i * across.y + j * down.y) === wanted) score += 1;
        }
      }
      const nearness = 1 - (Math.abs(ox) + Math.abs(oy)) / (4 * reach);
      if (score + nearness > best.score) best = { score: score + nearness, x, y };
    }
  }
  return best.score > 21 ? best : null;
}

function attempt(picture, { topLeft, topRight, bottomLeft }, version) {
  const size = version * 4 + 17;
  const { dark, width, height } = picture;
  const module = (topLeft.module + topRight.module + bottomLeft.module) / 3;
  const guess = { x: topRight.x + bottomLeft.x - topLeft.x, y: topRight.y + bottomLeft.y - topLeft.y };
  const low = 3.5;
  const high = size - 3.5;
  const three = [{ x: low, y: low }, { x: high, y: low }, { x: low, y: high }];
  const seen = [topLeft, topRight, bottomLeft];
  let map = perspective([...three, { x: high, y: high }], [...seen, guess]);
  if (!map) return null;
  const maps = [map];
  if (version > 1) {
    const centre = alignmentPositions(version).at(-1) + 0.5;
    const fourth = alignment(picture, map, centre, module);
    map = fourth && perspective([...three, { x: centre, y: centre }], [...seen, fourth]);
    if (map) maps.unshift(map);
  }
  for (const place of maps) {
    const isDark = (x, y) => {
      const point = place(x + 0.5, y + 0.5);
      const px = Math.min(width - 1, Math.max(0, Math.floor(point.x)));
      const py = Math.min(height - 1, Math.max(0, Math.floor(point.y)));
      return dark[py * width + px] === 1;
    };
    const text = decode(isDark, version);
    if (text) return text;
  }
  return null;
}

/** Return the text of the QR code in a picture (ImageData), or "". */
export const readPicture = (image) => look(binarize(image)) || look(binarize(image, 1));

function look(picture) {
  for (const three of corners(finders(picture))) {
    const { topLeft, topRight, bottomLeft } = three;
    const side =
      (Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y) +
        Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y)) / 2;
    const module = (topLeft.module + topRight.module + bottomLeft.module) / 3;
    const guess = Math.round((side / module + 7 - 17) / 4);
    for (const version of [guess, guess + 1, guess - 1, guess + 2, guess - 2]) {
      if (version < 1 || version > LARGEST_VERSION) continue;
      const text = attempt(picture, three, version);
      if (text) return text;
    }
  }
  return "";
}

const LONGEST_SIDE = 960;

/** Reads codes as a BarcodeDetector does, in browsers that have none. */
export class Reader {
  constructor() {
    this.canvas = document.createElement("canvas");
  }

  /** Return [{rawValue}] of a video or picture. */
  async detect(source) {
    const width = source.videoWidth || source.width;
    const height = source.videoHeight || source.height;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const drawing = this.canvas.getContext("2d", { willReadFrequently: true });
    drawing.drawImage(source, 0, 0, this.canvas.width, this.canvas.height);
    const text = readPicture(drawing.getImageData(0, 0, this.canvas.width, this.canvas.height));
    return text ? [{ rawValue: text }] : [];
  }
}
