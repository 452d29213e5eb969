export { observeFileMaker, type ObservableClient, type ObserveOptions } from './observe-filemaker.ts'
