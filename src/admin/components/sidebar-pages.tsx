/** Pages stand among the resources they belong to. */
export function SidebarPages(): null {
  return null;
}
