package io.efsnas.supernet.cuda;

/** What a supernet's steps are for: only training needs gradients. */
enum Use {
    TRAINING,
    SCORING
}
