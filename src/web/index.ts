export { createWeb } from './app.ts'
