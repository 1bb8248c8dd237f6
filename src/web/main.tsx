import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/profile.css';
import './styles/meters.css';
import './styles/bills.css';
import { App } from './app.tsx';

const host = document.getElementById('app');
if (host) render(<App />, host);
