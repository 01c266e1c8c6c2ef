import type { Phase } from './degrees.ts'

/**
 * What people in each field do with a work, in the field's own words, by the phase that it belongs to. A system's role in
 * a statement is one of them. Names are those of credits and metadata of the field, written as identifiers.
 */
export const PROFILES = {
  music: {
    ideation: ['concept'],
    development: ['composition', 'lyrics', 'arrangement', 'orchestration'],
    production: ['recording', 'programming', 'sampling', 'instrumentation'],
    performance: ['vocals', 'instrumentalPerformance'],
    postProduction: ['editing', 'mixing', 'mastering', 'stemSeparation', 'pitchCorrection'],
    translation: ['lyricsTranslation', 'captions'],
    promotion: ['coverArt', 'musicVideo', 'marketingText'],
  },
  audiovisual: {
    ideation: ['idea', 'moodBoard'],
    development: ['screenplay', 'storyboard', 'previsualisation', 'casting'],
    production: ['cinematography', 'animation', 'virtualProduction', 'soundRecording'],
    performance: ['acting', 'voice', 'stunt', 'digitalDouble'],
    postProduction: [
      'editing',
      'visualEffects',
      'colourGrading',
      'score',
      'soundDesign',
      'deAgeing',
      'dialogueReplacement',
    ],
    translation: ['dubbing', 'subtitles', 'audioDescription'],
    promotion: ['trailer', 'poster', 'marketingText'],
  },
  bookAndPress: {
    ideation: ['topicResearch', 'outline'],
    development: ['research', 'interviewTranscription', 'factChecking'],
    production: ['writing', 'illustration', 'coverDesign', 'dataAnalysis'],
    performance: ['narration'],
    postProduction: ['editing', 'proofreading', 'layout', 'indexing', 'headline', 'summary'],
    translation: ['translation', 'altText', 'plainLanguage'],
    promotion: ['blurb', 'marketingText'],
  },
  translation: {
    ideation: ['textAnalysis'],
    development: ['terminology', 'preTranslation'],
    production: ['translation', 'adaptation'],
    performance: ['voiceOver'],
    postProduction: ['postEditing', 'revision', 'proofreading'],
    translation: ['plainLanguage', 'signLanguage'],
    promotion: ['blurb'],
  },
  visualArtAndPhotography: {
    ideation: ['concept', 'reference'],
    development: ['sketch', 'composition', 'shotPlanning'],
    production: ['capture', 'drawing', 'painting', 'rendering', 'sculpture'],
    performance: ['model'],
    postProduction: ['retouching', 'compositing', 'inpainting', 'upscaling', 'colourCorrection', 'denoising'],
    translation: ['altText', 'description'],
    promotion: ['marketingText', 'mockup'],
  },
  game: {
    ideation: ['gameConcept'],
    development: ['gameDesign', 'narrativeDesign', 'levelDesign', 'prototype'],
    production: ['code', 'art', 'animation', 'dialogue', 'music', 'soundEffects'],
    performance: ['voice', 'motionCapture', 'liveGeneration'],
    postProduction: ['qualityAssurance', 'balancing', 'optimisation'],
    translation: ['localisation', 'captions'],
    promotion: ['trailer', 'storeArt', 'marketingText'],
  },
  performingArts: {
    ideation: ['concept'],
    development: ['dramaturgy', 'choreography', 'script', 'score'],
    production: ['setDesign', 'costumeDesign', 'lightingDesign', 'soundDesign', 'projection'],
    performance: ['acting', 'dance', 'music', 'voice', 'improvisation'],
    postProduction: ['recordingEdit'],
    translation: ['surtitles', 'audioDescription'],
    promotion: ['poster', 'trailer', 'marketingText'],
  },
  designAndArchitecture: {
    ideation: ['brief', 'moodBoard'],
    development: ['conceptDesign', 'variants', 'simulation'],
    production: ['design', 'modelling', 'drafting', 'typeDesign', 'pattern'],
    performance: [],
    postProduction: ['visualisation', 'documentation', 'optimisation'],
    translation: ['description'],
    promotion: ['rendering', 'marketingText'],
  },
  heritageDigitisation: {
    ideation: [],
    development: ['selection'],
    production: ['capture', 'photogrammetry'],
    performance: [],
    postProduction: [
      'opticalCharacterRecognition',
      'restoration',
      'colourisation',
      'upscaling',
      'segmentation',
      'reconstruction',
    ],
    translation: ['description', 'cataloguing', 'translation', 'altText', 'transcription'],
    promotion: ['exhibitionText', 'reproduction'],
  },
} as const satisfies Record<string, Record<Phase, readonly string[]>>

export type ProfileName = keyof typeof PROFILES
export const profileNames = Object.keys(PROFILES) as ProfileName[]

/** Whether a role is one of a profile's for this phase. */
export function isRoleOf(profile: ProfileName, phase: Phase, role: string): boolean {
  return (PROFILES[profile][phase] as readonly string[]).includes(role)
}
