/**
 * Words and sentences, written for this purpose, of languages that the packages here have no text in. They carry the
 * spelling and the little words that tell a language apart; they are no samples of good style.
 */
export const SEEDS: Record<string, string[]> = {
  csb: [
    'Jô jem Kaszëba. Më gôdómë pò kaszëbskù. Kaszëbsczi jãzëk je jãzëkã Kaszëbów.',
    'Wszëtczé lëdze rodzą sã wòlny ë równy. Kòżdi człowiek mô prawò do żëcégò, do wòlnotë ë do bezpiekù.',
    'To je dobrô ksążka ò historii naji zemi. Wòda, zemia, niebò, słuńce, miesąc, gwiôzda, mòrze, jezoro, las, pòle.',
    'Gdze të jes? Jak sã môsz? Dobri dzéń, dobri wieczór, dobri nocë, dzãkùjã, proszã.',
    'Jô, të, òn, òna, òno, më, wa, òni, mój, twój, jegò, ji, naj, waj, swój, ten, ta, to, ti, te, tim, tegò, temù.',
    'co, chto, cziej, czedë, gdze, jak, dlôcze, jaczi, jakô, jaczé, chtëren, chtërna, chtërne, chtërny, chtërnégò.',
    'ë, a, ale, bò, abò, czë, że, żebë, cobë, kò, téż, jesz, ju, le, blós, wiele, mało, baro, dzysô, witro, wczora.',
    'w, we, z, ze, na, do, òd, òde, dlô, przë, pòd, nad, midzë, bez, przez, za, pò, ò, kòl, krótkò, wedle, dëcht.',
    'jem, jes, je, jesmë, są, bëc, béł, bëła, bëło, bëłë, bądze, miec, mia, miôł, môm, mô, mają, chcec, chcã, mòże, mùszi.',
    'robic, robi, robił, pisac, pisze, pisôł, czëtac, czëtô, wiedzec, wié, widzec, widzy, mówic, gôdac, gôdô, ùczëc sã.',
    'rok, rokù, miesąca, dzéń, dnia, dzecko, dzecë, chłop, białka, starszi, młodi, dobri, lëchi, wiôldżi, môłi, nowi, stôri.',
    'szkòła, miasto, wies, Gduńsk, Kartuzë, Pùck, kaszëbskô lëteratura, kùltura, mùzyka, spiéwa, òbrôz, dokôz, artista.',
    'Òstatny dokùment, zamkni òkno, òtemkni lopk, zapiszë zmianë, wëszëkôj w teksce, pòkażë starnã, pòprzédnô starna.',
    'Wôrtnota, robòta, dzejanié, zrzeszenié, stowôra, gazéta, nowizna, wiadło, pòwiôstka, ùtwórca, prawa ùtwórców.',
    'Nie je mòżno tegò zrobic, bò nicht nie wié, jak to mô bëc. Wiedno jak przódë, tak ë terô, më jesmë ù se doma.',
  ],
  rue: [
    'Я єм Русин. Бісїдуєме по русиньскы. Русиньскый язык є языком Русинів на Словакії, Україні і в Польщі.',
    'Вшыткы люде родять ся слободны і рівны. Каждый чоловік має право на жывот, слободу і безпечность.',
    'Тото є добра книга о історії нашого краю. Вода, земля, небо, сонце, місяць, звізда, море, лїс, поле, гора.',
    'Де єсь? Як ся маєш? Добрый день, добрый вечур, добру ніч, дякую, прошу, будь здоровый.',
    'я, ты, він, она, оно, мы, вы, они, мій, твій, його, єй, наш, ваш, їх, свій, тот, тота, тото, тоты, сесь, сеся.',
    'што, хто, кідь, коли, де, як, чом, якый, яка, яке, якы, котрый, котра, котре, котры, котрого, котрій, котрым.',
    'і, а, але, бо, або, ци, же, жебы, абы, та, тыж, іщі, уж, лем, барз, вельо, мало, днесь, завтра, вчера, теперь, тогды.',
    'в, у, з, зо, на, до, од, про, при, під, над, міджі, без, через, за, по, о, коло, подля, напротив, єднак, также.',
    'єм, єсь, є, сьме, сьте, суть, быти, быв, была, было, были, буде, будуть, мати, має, мав, мають, хоче, може, мусить.',
    'робити, робить, робив, писати, пише, писав, чітати, чітать, знати, знає, видїти, видить, бісїдовати, учіти ся.',
    'рік, року, місяця, день, дня, дїти, дїтина, хлоп, жена, старый, молодый, добрый, злый, великый, малый, новый.',
    'школа, місто, село, Пряшів, Меджилабірцї, русиньска література, култура, музика, співанка, образ, дїло, умелець.',
    'Остатнїй документ, заперти окно, отворити файл, уложыти зміны, глядати в текстї, указати сторінку, попереднє.',
    'Товариство, сполок, новинка, народна єдность, выданя, писатель, будитель, співаць, фолклорный, выстава, днешнїй.',
    'Не є можне тото зробити, бо нихто не знать, як має быти. Так было давно, так є і днесь, мы сьме дома міджі своїма.',
  ],
}
