import { wordsOf } from './words.ts'

/**
 * How the questions of the template are worded in summaries, as words in their order: the template's own wording first,
 * then what real summaries and forms in JSON make of it. Numbers and signs do not count.
 */
const FIELD_LABELS: Record<string, string[]> = {
  version: ['version of the summary', 'summary version', 'version'],
  earlier: ['links to earlier versions', 'previous versions', 'links to previous versions', 'earlier versions'],
  lastUpdate: ['last update', 'last updated', 'date of last update', 'last update date'],
  provider: [
    'provider name and contact details',
    'model developer name and contact details',
    'provider name and contact',
    'provider and contact details',
    'provider name',
  ],
  representative: [
    'authorised representative name and contact details',
    'authorised representative name and contact',
    'authorised representative',
  ],
  models: ['versioned model names', 'model names', 'versioned model name', 'model version names'],
  dependencies: ['model dependencies', 'dependencies of the model'],
  marketDate: [
    'date of placement of the model on the Union market',
    'date of placement on the Union market',
    'Union market release',
    'date placed on the Union market',
    'market placement date',
    'market date',
  ],
  latestAcquisition: [
    'latest date of data acquisition collection for model training',
    'latest date of data acquisition collection',
    'latest date of data acquisition',
    'latest acquisition date',
    'latest data collection date',
    'knowledge cut off date',
    'latest acquisition',
  ],
  continuous: [
    'the model is continuously trained on new or dynamic data after this date',
    'continuously trained on new dynamic data after this date',
    'continuously trained on new data',
    'is data collection ongoing to update the model with new data collection after deployment',
    'continuous training',
  ],
  languages: [
    'description of the linguistic characteristics of the overall training data',
    'linguistic characteristics of the overall training data',
    'description of linguistic characteristics',
    'linguistic characteristics',
    'languages',
  ],
  characteristics: [
    'other relevant characteristics of the overall training data',
    'other relevant characteristics',
    'other characteristics',
  ],
  publicUsed: [
    'have you used publicly available datasets to train the model',
    'publicly available datasets were used',
    'used publicly available datasets',
    'public datasets used',
  ],
  publicLarge: [
    'list of large publicly available datasets',
    'main large publicly available datasets used for pretraining',
    'large publicly available datasets',
    'large datasets',
    'large public datasets',
  ],
  publicOthers: [
    'general description of other publicly available datasets not listed above',
    'general description of other publicly available datasets',
    'other publicly available datasets general description',
    'other datasets general description',
    'other public datasets',
  ],
  licensedUsed: [
    'have you concluded transactional commercial licensing agreements with rightsholders or with their representatives',
    'transactional commercial licensing agreements were concluded',
    'licensing agreements concluded',
    'has licensing agreements',
  ],
  privateUsed: [
    'have you obtained private datasets from third parties that are not licensed as described in section such as data obtained from providers of private databases or data intermediaries',
    'have you obtained private datasets from other third parties',
    'private datasets were obtained from other third parties',
  ],
  privateList: [
    'if publicly known list private datasets obtained from other third parties',
    'private datasets that are publicly known',
    'publicly known private third party datasets',
    'publicly known datasets',
  ],
  privateDescription: [
    'general description of non publicly known private datasets obtained from third parties',
    'general description of private datasets that are not publicly known',
    'general description of private datasets',
  ],
  crawled: [
    'were crawlers used by the provider or on behalf of',
    'were crawlers used by the provider or on its behalf',
    'crawlers were used by the provider or on its behalf',
    'were crawlers used',
    'crawlers used',
  ],
  crawlerNames: [
    'if yes specify crawler names identifiers',
    'names or identifiers of the crawlers',
    'crawler names identifiers',
    'crawler names',
  ],
  crawlerPurposes: ['purposes of the crawlers', 'crawler purposes'],
  crawlerBehaviour: ['general description of crawler behaviour', 'crawler behaviour description', 'crawler behaviour'],
  crawlPeriod: ['period of data collection', 'data collection period', 'collection period', 'crawl period'],
  crawlContent: [
    'comprehensive description of the type of content and online sources crawled',
    'types of content and online sources crawled',
    'content and online sources crawled',
    'content and sources description',
    'content and sources crawled',
  ],
  domains: [
    'summary of the most relevant domain names crawled',
    'most relevant domain names crawled',
    'most relevant domain names',
    'top domains summary',
    'top domain names',
    'top domains',
  ],
  interactions: [
    'was data from user interactions with the AI model used to train the model',
    'was data from user interactions with the AI model e g user input and prompts used to train the model',
    'data from user interactions with the model was used',
    'model interaction data used',
  ],
  otherServices: [
    'was data collected from user interactions with the provider other services or products used to train the model',
    'data from the provider other services or products was used',
    'other product interaction data used',
  ],
  userDescription: [
    'if yes provide a general description of the provider services or products that were used to collect the user data',
    'general description of the provider services or products used to collect the user data',
    'services or products and their user data',
    'services or products description',
    'services products description',
  ],
  synthetic: [
    'was synthetic AI generated data created by the provider or on their behalf to train the model',
    'synthetic AI generated data was created by the provider or on its behalf',
    'was any synthetic AI generated data used to train the model',
    'synthetic AI generated data used',
  ],
  syntheticModalities: ['if yes modality of the synthetic data', 'modality of the synthetic data'],
  syntheticMarketed: [
    'if yes specify the general purpose AI models used to generate the synthetic data if available on the market',
    'general purpose AI models used to generate the synthetic data',
    'models on the market that generated synthetic data',
    'name of AI model used to generate the synthetic data',
    'generating models',
  ],
  syntheticOthers: [
    'information about other AI models including provider own AI models not available on the market used to generate synthetic data to train the model to which this summary applies',
    'information about other AI models used to generate synthetic data',
    'other models that generated synthetic data',
    'other generating models description',
  ],
  others: [
    'have data sources other than those described in sections 2.1 to 2.5 been used to train the model',
    'have data sources other than those described in sections been used to train the model',
    'data from other sources was used',
    'other data sources used',
  ],
  othersDescription: [
    'if yes provide a narrative description of these data sources and the data',
    'narrative description of these data sources and the data',
    'description of these sources and data',
  ],
  signatory: [
    'are you a signatory to the code of practice for general purpose AI models that includes commitments to respect reservations of rights from the TDM exception or limitation',
    'signatory of the code of practice for general purpose AI models',
    'signatory to the code of practice',
    'code of practice signatory',
  ],
  measures: [
    'describe the measures implemented before model training to respect reservations of rights from the TDM exception or limitation before and during data collection including the opt out protocols and solutions honoured by the provider or as applicable by third parties from which datasets have been obtained',
    'describe the measures implemented before model training to respect reservations of rights from the TDM exception or limitation',
    'measures implemented to respect reservations of rights from the TDM exception or limitation',
    'measures to respect reservations of rights from the text and data mining exception',
    'measures implemented',
  ],
  illegalContent: [
    'general description of measures taken to avoid or remove illegal content',
    'measures taken to avoid or remove illegal content',
    'general description of measures taken',
    'measures taken',
  ],
  otherProcessing: [
    'other relevant information about data processing aspects',
    'other relevant information about data processing',
    'other relevant information',
  ],
  sizes: [
    'modality training data size types of content',
    'modalities training data size and types of content',
    'modality select the modalities present in the training data',
    'text training data size',
    'text training data content',
    'image training data size',
    'image training data content',
    'audio training data size',
    'audio training data content',
    'video training data size',
    'video training data content',
    'other training data size',
    'other training data content',
    'size of dataset per modality',
    'size of dataset and characteristics',
    'training data size range',
    'training data size',
    'types of content',
    'content types',
  ],
}

/** Labels that come again in several sections: what they ask follows from where they stand. */
const SHARED_LABELS: [string[], Record<string, string>][] = [
  [
    ['additional comments', 'comments'],
    {
      '1.3': 'overallComments',
      '2.1': 'publicComments',
      '2.2.2': 'privateComments',
      '2.3': 'crawlComments',
      '2.4': 'userComments',
      '2.5': 'syntheticComments',
      '2.6': 'othersComments',
      '3.1': 'measuresComments',
    },
  ],
  [
    [
      'if yes specify the modality of the content covered by the datasets concerned',
      'modality of the content covered',
      'modalities of the datasets',
      'modalities of the publicly available datasets',
      'modalities of the licensed content',
      'modalities of the private datasets',
      'modalities of the crawled content',
      'modalities of the user data',
      'modalities of the synthetic data',
      'type of modality covered',
      'modality covered',
      'modalities',
      'modality',
    ],
    {
      '2.1': 'publicModalities',
      '2.2.1': 'licensedModalities',
      '2.2.2': 'privateModalities',
      '2.3': 'crawlModalities',
      '2.4': 'userModalities',
      '2.5': 'syntheticModalities',
      '1.3': 'sizes',
    },
  ],
  [
    ['used', 'obtained'],
    {
      '2.1': 'publicUsed',
      '2.2.1': 'licensedUsed',
      '2.2.2': 'privateUsed',
      '2.3': 'crawled',
      '2.5': 'synthetic',
      '2.6': 'others',
    },
  ],
  [
    ['general description', 'description'],
    { '2.2.2': 'privateDescription', '2.4': 'userDescription', '2.6': 'othersDescription' },
  ],
  [['measures description'], { '3.1': 'measures', '3.2': 'illegalContent' }],
]

export interface Label {
  words: string[]
  /** What it asks, or by section what it asks there. */
  field: string | Record<string, string>
}

export const LABELS: readonly Label[] = [
  ...Object.entries(FIELD_LABELS).flatMap(([field, texts]) => texts.map((text) => ({ words: wordsOf(text), field }))),
  ...SHARED_LABELS.flatMap(([texts, field]) => texts.map((text) => ({ words: wordsOf(text), field }))),
]
