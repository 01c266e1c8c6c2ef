/** Values of one metric by its labels, written out as `{name="value",…}`. */
type Series = Map<string, number>

interface Histogram {
  buckets: number[]
  sum: number
  count: number
}

/** Upper bounds in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What this process has counted since it started. */
export interface Metrics {
  count(name: string, labels?: Record<string, string>): void
  /** Adds to a gauge what is taken off again later. */
  change(name: string, by: number, labels?: Record<string, string>): void
  observe(name: string, seconds: number, labels: Record<string, string>): void
  /** Everything in the text format of Prometheus, version 0.0.4, with gauges that were just read. */
  text(gauges: readonly Gauge[]): string
}

export interface Gauge {
  name: string
  help: string
  type?: 'gauge' | 'counter'
  values: readonly (readonly [labels: Record<string, string>, value: number])[]
}

/** What each counter and histogram tells. */
const HELP: Record<string, string> = {
  colophon_http_requests_total: 'Requests by route, method and status.',
  colophon_http_request_duration_seconds: 'How long requests took, by route and method.',
  colophon_http_requests_in_flight: 'Requests that are being answered.',
  colophon_checks_total: 'Works that were looked up.',
  colophon_statements_total: 'Statements that were let onto the log, by the kinds of their subjects.',
  colophon_rate_limited_total: 'Requests that were refused because there were too many, by their sort.',
  colophon_workshop_waiting: 'Questions to the processes that decode files and ask data sets, running or waiting.',
}

export function createMetrics(): Metrics {
  const counters = new Map<string, Series>()
  const gauges = new Map<string, Series>()
  const histograms = new Map<string, Map<string, Histogram>>()
  const add = (table: Map<string, Series>, name: string, labels: Record<string, string>, by: number) => {
    const series = entryOf(table, name, () => new Map())
    const key = formatLabels(labels)
    series.set(key, (series.get(key) ?? 0) + by)
  }
  return {
    count: (name, labels = {}) => add(counters, name, labels, 1),
    change: (name, by, labels = {}) => add(gauges, name, labels, by),
    observe(name, seconds, labels) {
      const table = entryOf(histograms, name, () => new Map<string, Histogram>())
      const make = () => ({ buckets: BUCKETS.map(() => 0), sum: 0, count: 0 })
      const histogram = entryOf(table, formatLabels(labels), make)
      histogram.sum += seconds
      histogram.count++
      BUCKETS.forEach((bound, i) => seconds <= bound && histogram.buckets[i]!++)
    },
    text: (read) =>
      [
        ...[...counters].flatMap(([name, series]) => seriesLines(name, 'counter', series)),
        ...[...gauges].flatMap(([name, series]) => seriesLines(name, 'gauge', series)),
        ...[...histograms].flatMap(([name, table]) => histogramLines(name, table)),
        ...read.flatMap(({ name, help, type = 'gauge', values }) => [
          ...heading(name, type, help),
          ...values.map(([labels, value]) => `${name}${braced(formatLabels(labels))} ${value}`),
        ]),
        '',
      ].join('\n'),
  }
}

function seriesLines(name: string, type: string, series: Series): string[] {
  const lines = [...series].sort().map(([labels, value]) => `${name}${braced(labels)} ${value}`)
  return [...heading(name, type, HELP[name] ?? name), ...lines]
}

function histogramLines(name: string, table: Map<string, Histogram>): string[] {
  const lines = [...table].sort().flatMap(([labels, { buckets, sum, count }]) => {
    const bounded = (bound: string) => braced([labels, `le="${bound}"`].filter(Boolean).join(','))
    return [
      ...BUCKETS.map((bound, i) => `${name}_bucket${bounded(String(bound))} ${buckets[i]}`),
      `${name}_bucket${bounded('+Inf')} ${count}`,
      `${name}_sum${braced(labels)} ${sum}`,
      `${name}_count${braced(labels)} ${count}`,
    ]
  })
  return [...heading(name, 'histogram', HELP[name] ?? name), ...lines]
}

function heading(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function formatLabels(labels: Record<string, string>): string {
  const escape = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escape(value)}"`)
    .join(',')
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`
}

function entryOf<Value>(table: Map<string, Value>, name: string, make: () => Value): Value {
  let value = table.get(name)
  if (value === undefined) table.set(name, (value = make()))
  return value
}
