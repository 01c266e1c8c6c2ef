import type { ExampleWork } from './index.ts'
import { bell, drums, flute, organ, pluck, type Samples } from './instruments.ts'
import { seeded } from './seeded.ts'
import { inRoom, track, waveFile } from './wave.ts'

/** Five short pieces, written for this example and played by code: WAV, PCM, 16 bits, mono, 22,050 Hz. */
export function composeSounds(): ExampleWork[] {
  return [
    sound('waltz-for-plucked-strings.wav', 'Waltz for Plucked Strings', waltz()),
    sound('chorale-for-a-small-organ.wav', 'Chorale for a Small Organ', chorale()),
    sound('bells-at-evening.wav', 'Bells at Evening', bells()),
    sound('street-drums.wav', 'Street Drums', streetDrums()),
    sound('flute-over-the-water.wav', 'Flute over the Water', overTheWater()),
  ]
}

function sound(fileName: string, title: string, samples: Samples): ExampleWork {
  const rest = { medium: 'sound', mediaType: 'audio/wav', party: 'musician', role: 'creator' } as const
  return { fileName, title, ...rest, bytes: waveFile(samples) }
}

/** A melody over the bass and two chords of a waltz, in A minor. */
function waltz(): Samples {
  const random = seeded('waltz')
  const out = track(17)
  const beat = 0.34
  const melody =
    'E5:2 D5:1 C5:2 B4:1 A4:1 C5:1 E5:1 A5:3 G5:2 F5:1 E5:2 D5:1 F5:1 E5:1 D5:1 B4:3 ' +
    'C5:1 B4:1 A4:1 E5:2 C5:1 D5:1 E5:1 F5:1 B5:2 A5:1 G#5:1 B4:1 D5:1 C5:1 B4:1 G#4:1 A4:3 A4:3'
  for (const { frequencyHz, at, beats } of score(melody)) {
    out.add(pluck(random, frequencyHz, beats * beat + 0.7), at * beat + random.bell() * 0.004, 0.75)
  }
  const bars =
    'A2 C4 E4|G2 B3 D4|F2 A3 C4|A2 C4 E4|D3 F3 A3|G2 B3 F4|E2 G#3 B3|E2 G#3 D4|A2 C4 E4|C3 E4 G4|D3 F3 A3|E2 G#3 D4|E2 B3 D4|E2 G#3 B3|A2 C4 E4|A2 E3 A3'
  bars.split('|').forEach((bar, index) => {
    const [bass, ...chord] = bar.split(' ').map(pitch) as [number, ...number[]]
    out.add(pluck(random, bass, 1.5), index * 3 * beat, 0.85)
    for (const offset of [1, 2]) {
      for (const frequencyHz of chord)
        out.add(pluck(random, frequencyHz, 0.5), (index * 3 + offset) * beat + random.next() * 0.012, 0.34)
    }
  })
  return inRoom(out.samples, 0.3)
}

/** Four voices that move by step, as a choir would sing them. */
function chorale(): Samples {
  const out = track(19.2)
  const beat = 0.9
  const voices = [
    'G4:1 A4:1 B4:1 C5:1 D5:2 C5:1 B4:1 A4:2 B4:1 C5:1 E5:1 D5:1 C5:1 B4:1 A4:1 G4:3',
    'D4:1 F#4:1 G4:1 G4:1 A4:1 B4:1 G4:1 G4:1 F#4:2 G4:1 G4:1 G4:1 A4:1 E4:1 G4:1 F#4:1 D4:3',
    'B3:1 D4:1 D4:1 E4:1 F#4:1 G4:1 E4:1 D4:1 D4:2 D4:1 E4:1 C4:1 F#4:1 A3:1 D4:1 C4:1 B3:3',
    'G2:1 D3:1 G3:1 C3:1 D3:1 B2:1 C3:1 G2:1 D3:2 G3:1 E3:1 C3:1 D3:1 A2:1 B2:1 D3:1 G2:3',
  ]
  for (const voice of voices) {
    for (const { frequencyHz, at, beats } of score(voice))
      out.add(organ(frequencyHz, beats * beat * 0.97), at * beat, 0.3)
  }
  return inRoom(out.samples, 0.55)
}

/** Six bells in a tower; two of them ring against the beat, and the largest tolls. */
function bells(): Samples {
  const random = seeded('bells')
  const out = track(19)
  const beat = 0.5
  const peal =
    'F5:1 D5:1 A4:1 C5:1 G4:2 A4:2 C5:1 F5:1 D5:1 A4:1 F4:4 A4:1 C5:1 D5:2 C5:1 A4:1 G4:2 F4:4 D5:3 C5:1 F4:4'
  for (const { frequencyHz, at, beats } of score(peal)) {
    out.add(bell(frequencyHz, beats * beat + 2.2), at * beat + random.bell() * 0.012, random.between(0.6, 0.9))
  }
  for (let toll = 0; toll < 5; toll++) out.add(bell(pitch('F3'), 4), toll * 3.6 + 0.25, 0.8)
  return inRoom(out.samples, 0.45)
}

/** A parade: eight bars, the last two of each four with a break. One character is a sixteenth. */
function streetDrums(): Samples {
  const random = seeded('drums')
  const out = track(16.5)
  const step = 0.125
  const steady = {
    bass: 'x..x..x...x.x...',
    snare: '....x..o....x..o',
    tom: '..........o.....',
    rim: 'x.x..x.x.x..x.x.',
    shaker: 'xoxoxoxoxoxoxoxo',
  }
  const lively = {
    bass: 'x..x..x.x..x..x.',
    snare: 'o.o.x.oo.o.ox.oo',
    tom: '......x...x..x..',
    rim: '..x..x....x.x...',
    shaker: 'xooxooxooxooxoxo',
  }
  const breaking = {
    bass: 'x.....x.....x...',
    snare: 'xxoxxoxxoxxoxoxx',
    tom: '..x..x..x..xx.xx',
    rim: '................',
    shaker: 'x...x...x...x...',
  }
  const bars = [steady, steady, steady, lively, steady, lively, lively, breaking]
  bars.forEach((bar, index) => {
    for (const [name, pattern] of Object.entries(bar)) {
      const level = { bass: 1, snare: 0.62, tom: 0.75, rim: 0.3, shaker: 0.22 }[name] as number
      for (let sixteenth = 0; sixteenth < 16; sixteenth++) {
        if (pattern[sixteenth] === '.') continue
        // Every second sixteenth comes a little late: that is the swing of a street band.
        const at = (index * 16 + sixteenth + (sixteenth % 2) * 0.14) * step + 0.02 + random.bell() * 0.003
        out.add(
          drums[name as keyof typeof drums](random),
          at,
          level * (pattern[sixteenth] === 'o' ? 0.5 : 1) * random.between(0.85, 1),
        )
      }
    }
  })
  return inRoom(out.samples, 0.18)
}

/** A flute in a mode on D over long low strings, with rests in which only the room sounds. */
function overTheWater(): Samples {
  const random = seeded('flute')
  const out = track(19.5)
  const beat = 0.42
  const line =
    'D5:3 E5:1 F5:2 A5:3 R:1 G5:1 F5:1 E5:1 G5:1 D5:4 R:1 A4:1 C5:1 D5:2 E5:1 F5:1 G5:2 A5:1 C6:3 B5:1 A5:3 R:1 F5:1 E5:1 D5:5'
  for (const { frequencyHz, at, beats } of score(line)) {
    if (frequencyHz > 0) out.add(flute(random, frequencyHz, beats * beat * 0.96), at * beat, 0.7)
  }
  const harp = 'D3 A3 D4|C3 G3 E4|B2 F3 D4|A2 E3 C4|D3 A3 F4|G2 D3 B3|C3 G3 E4|A2 E3 C4|D3 A3 F4'
  harp.split('|').forEach((chord, index) => {
    chord
      .split(' ')
      .forEach((note, string) => out.add(pluck(random, pitch(note), 2.4), (index * 4 + string * 0.5) * beat, 0.4))
  })
  return inRoom(out.samples, 0.5)
}

interface Note {
  /** 0 is a rest. */
  frequencyHz: number
  /** Beats from the beginning. */
  at: number
  beats: number
}

/** Reads "E5:2 D5:1 R:1": notes (or rests) and how many beats each lasts. */
function score(text: string): Note[] {
  let at = 0
  return text.split(' ').map((item): Note => {
    const [name, beats] = item.split(':') as [string, string]
    const note = { frequencyHz: name === 'R' ? 0 : pitch(name), at, beats: Number(beats) }
    at += note.beats
    return note
  })
}

/** The frequency of a note such as "G#4" in hertz; A4 is 440. */
function pitch(name: string): number {
  const semitone = { C: -9, D: -7, E: -5, F: -4, G: -2, A: 0, B: 2 }[name[0] as string] as number
  const sharp = name.includes('#') ? 1 : 0
  return 440 * 2 ** ((semitone + sharp) / 12 + Number(name.at(-1)) - 4)
}
