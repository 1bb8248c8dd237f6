import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/profile.css';
import './styles/meters.css';
import './styles/bills.css';
import './styles/flow.css';
import './styles/analysis.css';
import './styles/account.css';
import './styles/usage.css';
import './styles/inbox.css';
import { preferredLanguage } from './data/language.ts';
import { speak } from './words.ts';

await speak(preferredLanguage());
// Not before there are words: the parts of the app take theirs when they are loaded.
const { App } = await import('./app.tsx');
const host = document.getElementById('app');
if (host) render(<App />, host);
