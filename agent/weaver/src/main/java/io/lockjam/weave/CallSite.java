// SPDX-License-Identifier: Apache-2.0
package io.lockjam.weave;

import io.lockjam.boot.QueueHooks;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** A call at which a thread may begin to wait, and the call of a hook to put before it. */
interface CallSite {
    /** Stack slots that the inserted instructions need at most. */
    int STACK = 3;

    /** Visits instructions that leave the stack as it is, if the call is such a one. */
    void precede(MethodVisitor method, String owner, String name, String descriptor);

    /** A wait on a condition, told to the hooks as a wait for {@code this} in a mode of {@link QueueHooks}. */
    record ConditionAwait(int mode) implements CallSite {
        @Override
        public void precede(MethodVisitor method, String owner, String name, String descriptor) {
            if (!owner.equals("java/util/concurrent/locks/Condition")) {
                return;
            }
            if (name.equals("await") && descriptor.equals("()V")) {
                method.visitInsn(Opcodes.DUP);
            } else if (name.equals("awaitNanos")) { // condition, nanos: reach below the long and put it back
                method.visitInsn(Opcodes.DUP2_X1);
                method.visitInsn(Opcodes.POP2);
                method.visitInsn(Opcodes.DUP_X2);
            } else {
                return;
            }
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitInsn(Opcodes.ICONST_0 + mode);
            Names.call(method, QueueHooks.class, "register", "(Ljava/lang/Object;Ljava/lang/Object;I)V");
        }
    }

    /** The parking of a hand-off whose element is the first argument, in SynchronousQueue up to 20. */
    record TransferPark() implements CallSite {
        @Override
        public void precede(MethodVisitor method, String owner, String name, String descriptor) {
            boolean managed = owner.equals("java/util/concurrent/ForkJoinPool") && name.equals("managedBlock");
            boolean timed = owner.equals("java/util/concurrent/locks/LockSupport") && name.equals("parkNanos");
            if (managed || timed) {
                method.visitVarInsn(Opcodes.ALOAD, 0);
                method.visitVarInsn(Opcodes.ALOAD, 1);
                Names.call(method, QueueHooks.class, "registerTransfer", "(Ljava/lang/Object;Ljava/lang/Object;)V");
            }
        }
    }
}
