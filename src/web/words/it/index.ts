import type { Words } from '../../words.ts';
import { analysis } from './analysis.ts';
import { common } from './common.ts';
import { dashboard } from './dashboard.ts';
import { entrance } from './entrance.ts';
import { meters } from './meters.ts';
import { own } from './own.ts';
import { profile } from './profile.ts';

export const it: Words = { ...common, ...entrance, ...dashboard, ...profile, ...meters, ...own, ...analysis };
