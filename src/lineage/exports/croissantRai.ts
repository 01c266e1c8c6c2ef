import type { LineageStep } from '../graph.ts'
import { known } from './document.ts'
import { rootSources, type Upstream } from './upstream.ts'

/**
 * The properties of Croissant RAI 1.0 that steps of a pipeline answer: how data was collected, prepared, changed and
 * annotated. Social impact, biases, limitations and the like are for people to say and are not made up. Source:
 * http://mlcommons.org/croissant/RAI/1.0
 */
export function raiOf(upstream: Upstream): Record<string, unknown> {
  const { root, steps } = upstream
  const said = (...activities: LineageStep['activity'][]) =>
    notEmpty(steps.filter(({ activity }) => activities.includes(activity)).map(sentence))
  const annotated = steps.filter(({ activity }) => activity === 'annotate')
  const sources = rootSources(upstream).map(({ id, name, url }) => [name ?? id, url].filter(Boolean).join(' '))
  return known({
    'rai:dataCollection': said('acquire', 'license', 'crawl', 'generate'),
    'rai:dataCollectionType': steps.some(({ activity }) => activity === 'crawl') ? 'Web Scraping' : undefined,
    'rai:dataCollectionRawData': notEmpty(sources),
    'rai:dataCollectionTimeframe': timeframe(root.collected),
    'rai:dataPreprocessingProtocol': said('filter', 'deduplicate', 'sample'),
    'rai:dataManipulationProtocol': said('translate', 'merge', 'transform'),
    'rai:dataAnnotationProtocol': said('annotate'),
    'rai:machineAnnotationTools': notEmpty(
      annotated.flatMap(({ tool }) => (tool ? [[tool.name, tool.version].filter(Boolean).join(' ')] : [])),
    ),
  })
}

function sentence({ activity, name, description }: LineageStep): string {
  return [name ?? activity, description].filter(Boolean).join(': ')
}

/** An interval of ISO 8601; an end that nobody said is open. */
function timeframe(collected: { from?: string | undefined; to?: string | undefined } | undefined): string | undefined {
  return collected && (collected.from ?? collected.to) ? `${collected.from ?? '..'}/${collected.to ?? '..'}` : undefined
}

function notEmpty(list: string[]): string[] | undefined {
  return list.length > 0 ? list : undefined
}
