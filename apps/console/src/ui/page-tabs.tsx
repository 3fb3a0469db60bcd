import { Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './page-tabs.module.css';

type Props<Tab extends string> = {
  tabs: readonly Tab[];
  labels: Record<Tab, string>;
  value: Tab;
  onChange: (tab: Tab) => void;
  /** A Tabs.Panel for each tab. */
  children: ReactNode;
};

/** The tabs of a page; which one is open stands in the address. */
export const PageTabs = <Tab extends string>({ tabs, labels, value, onChange, children }: Props<Tab>) => {
  const list = useRef<HTMLDivElement>(null);

  // Where there is no room for all tabs they scroll; the chosen one is not to be among those out of sight.
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (list.current && chosen)
      list.current.scrollLeft = chosen.offsetLeft - list.current.clientWidth / 2 + chosen.offsetWidth / 2;
  }, [value]);

  return (
    <Tabs value={value} onChange={(next) => onChange(next as Tab)} keepMounted={false}>
      <Tabs.List mb="lg" className={classes.tabs} ref={list}>
        {tabs.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {labels[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {children}
    </Tabs>
  );
};
