import { hash, noise, plasma, type Scene } from './filmNoise.ts'

/**
 * Scenes that a formula draws: land, heads, streets, clouds, things on a table, patterns, lines of text, lights at night.
 * Each kind looks like itself in every film, as it does in films of people, and shows something else in each. A scene gives
 * the brightness and tint at a place (0 to 1 across and down) and a time.
 */
export const SCENES: Record<string, (random: () => number) => Scene> = {
  land(random) {
    const [seed, horizon, sun, height] = [random() * 1000, 0.35 + 0.3 * random(), random(), 0.1 + 0.25 * random()]
    return (x, y, t) => {
      const far = horizon - height * noise(x * 2.5 + t * 0.02, 0, seed)
      const near = horizon + 0.2 - height * noise(x * 4 + t * 0.05, 5, seed + 7)
      if (y > near) return 0.15 + 0.25 * noise(x * 20, y * 20, seed)
      if (y > far) return 0.35 + 0.2 * noise(x * 9, y * 9, seed + 3)
      return 0.65 + 0.3 * (1 - y / horizon) - 0.4 * Math.min(1, Math.hypot(x - sun, y - 0.15) * 3)
    }
  },
  head(random) {
    const [seed, cx, cy, size] = [random() * 1000, 0.3 + 0.4 * random(), 0.35 + 0.2 * random(), 0.13 + 0.12 * random()]
    const [skin, hair, coat] = [0.5 + 0.4 * random(), 0.05 + 0.5 * random(), random()]
    return (x, y, t) => {
      const [dx, dy] = [(x - cx - 0.02 * Math.sin(t * 2)) / size, (y - cy) / (size * 1.35)]
      if (Math.hypot(dx, dy) < 1) {
        if (Math.hypot(Math.abs(dx) - 0.38, dy + 0.1) < 0.13 || Math.hypot(dx * 0.6, dy - 0.5) < 0.12) return 0.1
        return skin - 0.25 * dx * (hash(seed, 1) - 0.5) - 0.1 * dy
      }
      if (Math.hypot(dx, dy + 0.25) < 1.2) return hair
      if (dy > 0.9 && Math.abs(dx) < 0.8 + (dy - 0.9) * 2) return coat * (0.8 + 0.2 * noise(x * 12, y * 12, seed))
      return 0.2 + 0.6 * noise(x * 3, y * 3, seed)
    }
  },
  street(random) {
    const [seed, houses, sky] = [random() * 1000, 3 + Math.floor(5 * random()), 0.5 + 0.5 * random()]
    return (x, y, t) => {
      const along = x * houses + t * 0.05
      const house = Math.floor(along)
      const top = 0.1 + 0.5 * hash(house, seed)
      if (y > 0.85) return 0.25 + 0.1 * noise(x * 8, y * 8, seed)
      if (y < top) return sky - 0.3 * y
      const [columns, rows] = [2 + Math.floor(3 * hash(house, seed + 1)), 4 + Math.floor(6 * hash(house, seed + 2))]
      const [u, v] = [((along - house) * columns) % 1, ((y - top) * rows) % 1]
      const isWindow = u > 0.25 && u < 0.75 && v > 0.3 && v < 0.8
      return isWindow
        ? 0.9 * hash(Math.floor((y - top) * rows) + house * 31, seed + 3)
        : 0.3 + 0.4 * hash(house, seed + 4)
    }
  },
  clouds(random) {
    const [seed, scale, drift] = [random() * 1000, 2 + 4 * random(), 0.1 * random()]
    return (x, y, t) => plasma(x * scale + t * drift, y * scale, seed)
  },
  table(random) {
    const seed = random() * 1000
    const things = Array.from({ length: 4 + Math.floor(5 * random()) }, () => ({
      x: random(),
      y: 0.35 + 0.45 * random(),
      size: 0.05 + 0.13 * random(),
      tall: 0.7 + random(),
      shade: random(),
    }))
    const wall = 0.3 + 0.6 * random()
    return (x, y, t) => {
      for (const { x: cx, y: cy, size, tall, shade } of things) {
        const [dx, dy] = [(x - cx - 0.01 * t) / size, (y - cy) / (size * tall)]
        if (Math.hypot(dx, dy) < 1) return Math.max(0, shade - 0.3 * (dx + dy))
      }
      return y > 0.6 ? 0.45 + 0.2 * noise(x * 3, y * 30, seed) : wall - 0.2 * Math.hypot(x - 0.5, y - 0.3)
    }
  },
  pattern(random) {
    const [angle, lines, bend, speed] = [Math.PI * random(), 3 + 6 * random(), 3 * random(), random() - 0.5]
    return (x, y, t) => {
      const along = x * Math.cos(angle) + y * Math.sin(angle)
      const across = y * Math.cos(angle) - x * Math.sin(angle)
      return 0.5 + 0.5 * Math.sin(Math.PI * 2 * (along * lines + t * speed) + bend * Math.sin(across * 9))
    }
  },
  words(random) {
    const [seed, lines, isDark] = [random() * 1000, 4 + Math.floor(6 * random()), random() < 0.6]
    return (x, y, t) => {
      const line = Math.floor(y * lines + t * 0.1)
      const place = (y * lines + t * 0.1) % 1
      const width = 0.2 + 0.35 * hash(line, seed)
      const isLetter =
        Math.abs(x - 0.5) < width && place > 0.3 && place < 0.75 && hash(Math.floor(x * 45), line + seed) > 0.3
      return isLetter === isDark ? 0.95 : 0.08
    }
  },
  lights(random) {
    const seed = random() * 1000
    const lamps = Array.from({ length: 8 + Math.floor(10 * random()) }, () => ({
      x: random(),
      y: random(),
      size: 0.02 + 0.07 * random(),
      speed: 0.1 * (random() - 0.5),
    }))
    return (x, y, t) => {
      const lit = lamps.reduce(
        (sum, { x: cx, y: cy, size, speed }) =>
          sum + Math.exp(-(((x - cx - speed * t) ** 2 + (y - cy) ** 2) / size ** 2)),
        0,
      )
      return Math.min(1, 0.08 * noise(x * 5, y * 5, seed) + lit)
    }
  },
}
