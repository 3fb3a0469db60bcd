import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

type Props = {
  opened: boolean;
  /** Left out if the dialog may only be left by what stands in it. */
  onClose?: () => void;
  title: string;
  size?: 'md' | 'lg';
  /** Over the dialogs that are open already. */
  isAbove?: boolean;
  children: ReactNode;
};

const stay = () => {};
// Mantine's dialogs stand at 200.
const ABOVE = 300;

export const Dialog = ({ opened, onClose, title, size = 'md', isAbove = false, children }: Props) => (
  <Modal.Root
    opened={opened}
    onClose={onClose ?? stay}
    closeOnEscape={onClose !== undefined}
    closeOnClickOutside={onClose !== undefined}
    size={size}
    {...(isAbove && { zIndex: ABOVE })}
    centered
    // Mantine's scroll lock writes a <style> element, which the content security policy refuses; global.css locks.
    lockScroll={false}
  >
    <Modal.Overlay backgroundOpacity={0.45} />
    <Modal.Content>
      {/* Not Modal.Header: that is a <header>, and a second banner on the page. */}
      <div className={classes.head}>
        <Modal.Title className={classes.title}>{title}</Modal.Title>
        {onClose && <Modal.CloseButton aria-label="Close" />}
      </div>
      <Modal.Body className={classes.body}>{children}</Modal.Body>
    </Modal.Content>
  </Modal.Root>
);
