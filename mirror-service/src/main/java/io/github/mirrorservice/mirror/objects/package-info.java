/** Objects that several replicas share: small things under keys in a bucket of an existing engine. */
@NullMarked
package io.github.mirrorservice.mirror.objects;

import org.jspecify.annotations.NullMarked;
