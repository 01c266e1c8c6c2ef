import { wordsOf } from './words.ts'

/** Titles of sections and chapters; chapters only end what stands before them. */
const TITLES: Record<string, string[]> = {
  '1': ['general information'],
  '1.1': ['provider identification', 'model developer identification', 'provider information'],
  '1.2': ['model identification', 'model information'],
  '1.3': [
    'modalities overall training data size and other characteristics',
    'overall training data size modalities and characteristics',
    'overall training data size and characteristics',
    'modalities size and characteristics',
    'training data overview',
  ],
  '2': ['list of data sources', 'data sources'],
  '2.1': ['publicly available datasets', 'publicly accessible datasets'],
  '2.2': [
    'private non publicly available datasets obtained from third parties',
    'private non publicly available datasets',
    'private third party datasets',
  ],
  '2.2.1': [
    'datasets commercially licensed by rightsholders or their representatives',
    'commercially licensed datasets',
    'licensed',
  ],
  '2.2.2': ['private datasets obtained from other third parties', 'other third party'],
  '2.3': [
    'data crawled and scraped from online sources',
    'data crawled or scraped directly by the provider',
    'crawled data',
  ],
  '2.4': ['user data'],
  '2.5': ['synthetic data'],
  '2.6': ['other sources of data', 'other sources', 'other data sources'],
  '3': ['data processing aspects', 'other relevant data processing aspects', 'processing aspects'],
  '3.1': [
    'respect of reservation of rights from text and data mining exception or limitation',
    'respect of reservations of rights',
    'rights reservations',
    'TDM reservation respect',
  ],
  '3.2': ['removal of illegal content', 'removal of unwanted content', 'illegal content removal'],
  '3.3': ['other information'],
  '4': ['added chapter'],
}

export interface Title {
  words: string[]
  section: string
}

export const HEADINGS: readonly Title[] = Object.entries(TITLES).flatMap(([section, texts]) =>
  texts.map((text) => ({ words: wordsOf(text), section })),
)

/**
 * How the instructions of the template begin. What follows to the end of their sentence is the Commission's text, not
 * an answer, and providers leave it in.
 */
const INSTRUCTIONS = [
  'replace this with your response',
  'click or tap to enter a date',
  'version of the summary with link to previous versions where applicable',
  'only applicable if the provider is established outside',
  'provide the unique identifier for the model or model version',
  'in accordance with point 30 of the commission explanatory notice',
  'where available provide link to additional publicly available documentation',
  'if the model is the result of a modification including fine tuning',
  'indicate the date on which the model was placed on the union market',
  'this section requires information about',
  'this section requires general information about',
  'select the modalities present in the training data to the extent',
  'for each selected modality select the range within which',
  'dynamic datasets may be excluded from the estimation',
  'for each selected modality provide a general description',
  'alternatively specify the approximate size in a different measurement unit',
  'examples of possible types of content include',
  'specify the modality and for each one indicate approximate size',
  'indicate the latest date when data was collected',
  'additionally indicate if the model is continuously trained',
  'where applicable describe the languages covered by the training data',
  'where such information is readily available and in so far as it is relevant',
  'providers may also disclose other relevant information on a voluntary basis',
  'if so please specify',
  'for each large dataset provide the identifier name of the dataset',
  'if a link is not available provide a general description',
  'if only part of the datasets has been used for the training',
  'for other publicly available datasets that are not listed above provide',
  'the description could include indication of',
  'the description should indicate',
  'if publicly known list the identifiers names of the main private datasets',
  'for those private datasets used to train the model that are not publicly known',
  'for example this includes respect of captchas password protected websites',
  'from MM YYYY to MM YYYY',
  'MM YYYY to MM YYYY',
  'provide a comprehensive description of the type of content crawled including its',
  'in so far as any content from internet domains has been crawled',
  'small and medium sized enterprises including start ups should disclose',
  'you can provide this list for instance as a downloadable file',
  'specify the name of the general purpose AI model and provide a link to their summary',
  'provide information about other AI models used to generate synthetic data',
  'this includes a general description of the model training data if known',
  'excluding audio that is part of video',
  'a dataset is considered to be large if',
  'in this section dataset should be understood as',
  'this template is provided by the european commission',
] as const

export const INSTRUCTION_STARTS: readonly string[][] = INSTRUCTIONS.map(wordsOf)
