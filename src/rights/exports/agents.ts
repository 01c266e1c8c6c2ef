/** A crawler that obeys, or says it obeys, a name in robots.txt. */
export interface AiAgent {
  /** The product token, as its operator writes it. */
  name: string
  operator: string
  /** What its operator says the fetched pages are for. */
  purpose: 'training' | 'ai-input' | 'search'
  /** Where that was read, in November 2026. */
  source: string
  /** False when the operator, or who watched it, says that robots.txt may not be obeyed. */
  obeys?: false
}

const OPENAI = 'https://developers.openai.com/docs/bots'
const ANTHROPIC = 'https://support.claude.com/en/articles/8896518'
const GOOGLE = 'https://developers.google.com/search/docs/crawling-indexing/google-common-crawlers'
const APPLE = 'https://support.apple.com/en-us/119829'
const META = 'https://developers.facebook.com/docs/sharing/webmasters/web-crawlers'
const PERPLEXITY = 'https://docs.perplexity.ai/guides/bots'
const WATCHED = 'https://github.com/ai-robots-txt/ai.robots.txt'

/**
 * Crawlers by what they fetch for. Crawlers for search stand here so that a test can show that none of them is ever
 * blocked by a denial of training or of AI input. A token that also decides about search is not in the list at all.
 */
// prettier-ignore
export const AI_AGENTS: readonly AiAgent[] = [
  { name: 'GPTBot', operator: 'OpenAI', purpose: 'training', source: OPENAI },
  { name: 'ClaudeBot', operator: 'Anthropic', purpose: 'training', source: ANTHROPIC },
  { name: 'anthropic-ai', operator: 'Anthropic', purpose: 'training', source: WATCHED },
  { name: 'Google-Extended', operator: 'Google', purpose: 'training', source: GOOGLE },
  { name: 'Applebot-Extended', operator: 'Apple', purpose: 'training', source: APPLE },
  { name: 'Meta-ExternalAgent', operator: 'Meta', purpose: 'training', source: META },
  { name: 'FacebookBot', operator: 'Meta', purpose: 'training', source: META },
  { name: 'CCBot', operator: 'Common Crawl', purpose: 'training', source: 'https://commoncrawl.org/ccbot' },
  { name: 'Bytespider', operator: 'ByteDance', purpose: 'training', source: WATCHED, obeys: false },
  { name: 'TikTokSpider', operator: 'ByteDance', purpose: 'training', source: WATCHED },
  { name: 'Amazonbot', operator: 'Amazon', purpose: 'training', source: 'https://developer.amazon.com/amazonbot' },
  { name: 'AI2Bot', operator: 'Ai2', purpose: 'training', source: 'https://allenai.org/crawler' },
  { name: 'Ai2Bot-Dolma', operator: 'Ai2', purpose: 'training', source: 'https://allenai.org/crawler' },
  { name: 'cohere-training-data-crawler', operator: 'Cohere', purpose: 'training', source: WATCHED },
  { name: 'DeepSeekBot', operator: 'DeepSeek', purpose: 'training', source: WATCHED, obeys: false },
  { name: 'PanguBot', operator: 'Huawei', purpose: 'training', source: WATCHED },
  { name: 'ICC-Crawler', operator: 'NICT', purpose: 'training', source: WATCHED },
  { name: 'Timpibot', operator: 'Timpi', purpose: 'training', source: 'https://timpi.io' },
  { name: 'img2dataset', operator: 'img2dataset', purpose: 'training', source: 'https://github.com/rom1504/img2dataset' },
  { name: 'Webzio-Extended', operator: 'Webz.io', purpose: 'training', source: WATCHED },
  { name: 'YandexAdditional', operator: 'Yandex', purpose: 'training', source: WATCHED },
  { name: 'ChatGPT-User', operator: 'OpenAI', purpose: 'ai-input', source: OPENAI, obeys: false },
  { name: 'Claude-User', operator: 'Anthropic', purpose: 'ai-input', source: ANTHROPIC },
  { name: 'Perplexity-User', operator: 'Perplexity', purpose: 'ai-input', source: PERPLEXITY, obeys: false },
  { name: 'Meta-ExternalFetcher', operator: 'Meta', purpose: 'ai-input', source: META, obeys: false },
  { name: 'MistralAI-User', operator: 'Mistral AI', purpose: 'ai-input', source: WATCHED },
  { name: 'DuckAssistBot', operator: 'DuckDuckGo', purpose: 'ai-input', source: 'https://duckduckgo.com/duckduckgo-help-pages/results/duckassistbot/' },
  { name: 'Kimi-User', operator: 'Moonshot AI', purpose: 'ai-input', source: WATCHED },
  { name: 'Google-NotebookLM', operator: 'Google', purpose: 'ai-input', source: WATCHED },
  { name: 'OAI-SearchBot', operator: 'OpenAI', purpose: 'search', source: OPENAI },
  { name: 'Claude-SearchBot', operator: 'Anthropic', purpose: 'search', source: ANTHROPIC },
  { name: 'PerplexityBot', operator: 'Perplexity', purpose: 'search', source: PERPLEXITY },
  { name: 'Applebot', operator: 'Apple', purpose: 'search', source: APPLE },
  { name: 'Amzn-SearchBot', operator: 'Amazon', purpose: 'search', source: 'https://developer.amazon.com/amazonbot' },
  { name: 'Googlebot', operator: 'Google', purpose: 'search', source: GOOGLE },
  { name: 'Bingbot', operator: 'Microsoft', purpose: 'search', source: 'https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0' },
]
