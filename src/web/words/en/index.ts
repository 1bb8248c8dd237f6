import { account } from './account.ts';
import { activities } from './activities.ts';
import { analysis } from './analysis.ts';
import { chat } from './chat.ts';
import { common } from './common.ts';
import { dashboard } from './dashboard.ts';
import { entrance } from './entrance.ts';
import { firstMeters } from './first-meters.ts';
import { firstSteps } from './first-steps.ts';
import { inbox } from './inbox.ts';
import { meterPages } from './meter-pages.ts';
import { meters } from './meters.ts';
import { own } from './own.ts';
import { profile } from './profile.ts';
import { services } from './services.ts';
import { usage } from './usage.ts';

export const en = {
  ...common,
  ...entrance,
  ...dashboard,
  ...profile,
  ...meters,
  ...meterPages,
  ...own,
  ...analysis,
  ...activities,
  ...account,
  ...services,
  ...chat,
  ...usage,
  ...inbox,
  ...firstSteps,
  ...firstMeters,
};
