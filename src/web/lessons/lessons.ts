/** One lesson. Its words are the texts `lesson.1.…` to `lesson.10.…`; here stands what is the same in all languages. */
export interface Lesson {
  number: number
  minutes: number
  /** Whom it is for: `lesson.for.…`. */
  audience: 'all' | 'makers'
  /** Where on this site the activity can be tried: a path, and the text that names it. */
  places: readonly (readonly [path: string, label: string])[]
}

const CHECK = ['/', 'nav.home'] as const
const VERIFY = ['/verify', 'nav.verify'] as const
const CONSENTS = ['/consents', 'consents.title'] as const
const DATASETS = ['/datasets', 'nav.datasets'] as const
const NO = ['/rights/no', 'no.title'] as const

/** The parts that every lesson has, beside its title, its aim and its drawing. */
export const PARAGRAPHS = ['p1', 'p2', 'p3'] as const
export const QUESTIONS = ['q1', 'q2'] as const

/** All lessons, in their order. */
export const LESSONS: readonly Lesson[] = [
  { minutes: 30, audience: 'all', places: [DATASETS] },
  { minutes: 30, audience: 'all', places: [CHECK, DATASETS] },
  { minutes: 30, audience: 'all', places: [CHECK] },
  { minutes: 30, audience: 'all', places: [CHECK, DATASETS] },
  { minutes: 45, audience: 'makers', places: [NO] },
  { minutes: 45, audience: 'makers', places: [['/rights/new', 'nav.rights'], NO] },
  { minutes: 45, audience: 'all', places: [VERIFY] },
  { minutes: 30, audience: 'all', places: [VERIFY, ['/mark', 'mark.title']] },
  { minutes: 45, audience: 'all', places: [CONSENTS] },
  { minutes: 30, audience: 'makers', places: [CONSENTS, ['/statistics/requests', 'request.statistics']] },
].map((lesson, i) => ({ ...lesson, number: i + 1 }) as Lesson)

/** How long all of them take together. */
export const LESSONS_HOURS = Math.round(LESSONS.reduce((sum, { minutes }) => sum + minutes, 0) / 60)
