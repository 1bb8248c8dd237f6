import { render } from 'preact';
import '../styles/base.css';
import '../styles/parts.css';
import '../styles/api-docs.css';
import { preferredLanguage } from '../data/language.ts';
import { speak } from '../words.ts';
import { speakOfApi } from './api-words.ts';

const language = preferredLanguage();
await Promise.all([speak(language), speakOfApi(language)]);
const { ApiDocsPage } = await import('./api-docs-page.tsx');
const host = document.getElementById('docs');
if (host) render(<ApiDocsPage />, host);
