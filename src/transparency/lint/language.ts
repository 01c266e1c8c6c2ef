/** Small words that come in every text of their language. */
const SMALL_WORDS: Record<string, string> = {
  English: 'the of and to in for is are with that by or not from this used have been which',
  German: 'der die und das nicht mit von für den dem des ein eine wurde wurden oder sind ist werden',
  French: 'le la les des et une un pour dans est par sur ont été du que aux ou avec',
  Spanish: 'el los las del una que por con para se han en es o sus como al y',
  Italian: 'il gli della che per con non una sono di del dei le nel stati dati è o',
  Dutch: 'het een van de voor zijn niet met en op die worden door is aan zij deze of',
  Portuguese: 'os das uma não com para que do da em são foram por ao dos um e pelo',
  Polish: 'i w na się z do jest nie oraz są przez dla lub że od dane danych',
  Romanian: 'și de la în pentru sunt din cu nu este au fost sau prin pe care',
  Swedish: 'och i att det som för är av på med den inte har till från eller',
  Danish: 'og i at det som for er af på med den ikke har til fra eller',
  Finnish: 'ja on ei että ovat joka sekä tai kuin myös ole mallin tiedot',
  Czech: 'a v na se je že s pro do jsou nebo byly k ve z údaje',
  Hungarian: 'a az és nem hogy egy is vagy adatok meg volt amely',
}

/** The language of a text by its small words or its letters; undefined where there is too little of it to tell. */
export function languageOf(text: string): string | undefined {
  const bare = text.slice(0, 60_000).replaceAll(/\S*[.@/]\S+/g, ' ')
  const words = bare.toLowerCase().match(/\p{L}+/gu) ?? []
  if (words.length < 30) return undefined
  const sample = words.join('')
  if (shareOf(sample, /\p{Script=Greek}/gu) > 0.4) return 'Greek'
  if (shareOf(sample, /\p{Script=Cyrillic}/gu) > 0.4) return 'a language in Cyrillic letters'
  const scores = Object.entries(SMALL_WORDS).map(([language, list]) => {
    const small = new Set(list.split(' '))
    const found = words.filter((word) => small.has(word))
    return { language, share: new Set(found).size < 4 ? 0 : found.length / words.length }
  })
  const best = scores.toSorted((a, b) => b.share - a.share)[0]!
  return best.share < 0.08 ? undefined : best.language
}

function shareOf(text: string, letters: RegExp): number {
  return (text.match(letters)?.length ?? 0) / Math.max(1, text.length)
}
